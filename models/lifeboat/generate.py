"""Greedy answers from a checkpoint in Python: the same as the engine gives at temperature 0, up to rounding."""

import torch

from model import Lifeboat

MOST_TOKENS = 120


def load(checkpoint):
    saved = torch.load(checkpoint, map_location="cpu")
    shape = {name: value for name, value in saved["shape"].items() if name != "vocabulary"}
    model = Lifeboat(saved["shape"]["vocabulary"], shape)
    model.load_state_dict(saved["weights"])
    return model.eval()


def history(tokenizer, system, exchanges, prompt):
    """Token ids of a dialogue up to the point where the answer begins; exchanges are pairs of what both said."""
    ids = tokenizer.start(system)
    for said, answer in exchanges:
        ids += tokenizer.said("user", said) + tokenizer.assistant_head + tokenizer.answered(answer) + tokenizer.newline
    return ids + tokenizer.said("user", prompt) + tokenizer.assistant_head


@torch.no_grad()
def answer(model, tokenizer, ids):
    """The likeliest continuation, token by token, without its end mark."""
    written = []
    while len(written) < MOST_TOKENS and len(ids) + len(written) < model.shape["context"]:
        last = torch.tensor([len(ids) + len(written) - 1])
        token = int(model(torch.tensor([ids + written]), last).argmax())
        if token == tokenizer.turn_end:
            break
        written.append(token)
    return tokenizer.pieces.decode(written)
