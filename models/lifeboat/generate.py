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
def answers(model, tokenizer, prompts):
    """The likeliest continuation of each list of ids, without its end mark. All are computed side by side."""
    texts, open_rows = [list(ids) for ids in prompts], set(range(len(prompts)))
    for _ in range(MOST_TOKENS):
        open_rows -= {row for row in open_rows if len(texts[row]) >= model.shape["context"]}
        if not open_rows:
            break
        rows = sorted(open_rows)
        for row, token in zip(rows, next_tokens(model, [texts[row] for row in rows])):
            texts[row].append(token)
            if token == tokenizer.turn_end:
                open_rows.remove(row)
    written = (text[len(ids):] for text, ids in zip(texts, prompts))
    return [tokenizer.pieces.decode([token for token in tokens if token != tokenizer.turn_end]) for tokens in written]


def next_tokens(model, texts):
    """The likeliest next token of each text; what pads the shorter ones stands behind them, where they can't see it."""
    longest = max(map(len, texts))
    padded = torch.tensor([ids + [0] * (longest - len(ids)) for ids in texts])
    last = torch.tensor([row * longest + len(ids) - 1 for row, ids in enumerate(texts)])
    return model(padded, last).argmax(-1).tolist()
