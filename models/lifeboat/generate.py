"""Greedy answers from a checkpoint in Python: the same as the engine gives at temperature 0, up to rounding."""

import math
import re

import torch

from model import Lifeboat

MOST_TOKENS = 120
HISTORY_TURNS = 6
# A sentence that the model finds less likely isn't said; how the answer begins instead. The same as in the model's profile.
UNSURE_BELOW = 0.4
SAYS_INSTEAD = "I don't know that: I'm a small offline model with only a few facts"


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


def answers(model, tokenizer, prompts):
    """What the model answers to each list of ids: its likeliest words where it is sure of them, else that it doesn't know."""
    written = continuations(model, tokenizer, prompts)
    said = [sure_part(tokenizer, tokens, chances) for tokens, chances in written]
    unsure = [row for row, tokens in enumerate(said) if not tokens]
    opening = tokenizer.pieces.encode(SAYS_INSTEAD)
    instead = continuations(model, tokenizer, [prompts[row] + opening for row in unsure])
    for row, (tokens, _) in zip(unsure, instead):
        said[row] = opening + tokens
    return [tokenizer.pieces.decode(tokens) for tokens in said]


def sentences(tokenizer, tokens, chances):
    """Takes an answer apart: tokens, text and chance of each sentence."""
    sentence, text, log = [], "", 0.0
    for token, chance in zip(tokens, chances):
        piece = tokenizer.pieces.id_to_piece(token).replace("\u2581", " ")
        if piece[0].isspace() and re.search(r"[.!?]$", text):
            yield sentence, text, math.exp(log)
            sentence, text, log = [], "", 0.0
        sentence, text, log = sentence + [token], text + piece, log + math.log(chance)
    yield sentence, text, math.exp(log)


def sure_part(tokenizer, tokens, chances):
    """The tokens up to the first sentence that the model isn't sure of. A question claims nothing, and is always said."""
    said = []
    for sentence, text, chance in sentences(tokenizer, tokens, chances):
        if chance < UNSURE_BELOW and not text.endswith("?"):
            break
        said += sentence
    return said


@torch.no_grad()
def continuations(model, tokenizer, prompts):
    """The likeliest continuation of each list of ids without its end mark, and each token's chance. All are computed side by side."""
    texts, open_rows, chances = [list(ids) for ids in prompts], set(range(len(prompts))), [[] for _ in prompts]
    for _ in range(MOST_TOKENS):
        open_rows -= {row for row in open_rows if len(texts[row]) >= model.shape["context"]}
        if not open_rows:
            break
        rows = sorted(open_rows)
        for row, (token, chance) in zip(rows, next_tokens(model, [texts[row] for row in rows])):
            if token == tokenizer.turn_end:
                open_rows.remove(row)
            else:
                texts[row].append(token)
                chances[row].append(chance)
    return [(text[len(ids):], own) for text, ids, own in zip(texts, prompts, chances)]


def next_tokens(model, texts):
    """The likeliest next token of each text with its chance; what pads the shorter ones stands behind them, where they can't see it."""
    longest = max(map(len, texts))
    padded = torch.tensor([ids + [0] * (longest - len(ids)) for ids in texts])
    last = torch.tensor([row * longest + len(ids) - 1 for row, ids in enumerate(texts)])
    chances, tokens = torch.softmax(model(padded, last).float(), -1).max(-1)
    return zip(tokens.tolist(), chances.tolist())
