"""From endless dialogues to batches: encoded, without the evaluation's prompts, sorted by length so that little is padded."""

import json
import re
from itertools import islice
from pathlib import Path
from random import Random

import torch

from dialogues import BROAD, CAREFUL, EARLY, LAST, LATE, dialogues

EVALUATION = Path(__file__).parent / "evaluation"
POOL = 1600
CUT_SHARE, CUT_TOKENS = 0.8, 12
# The parts of a training run: the step that begins it, the weights of the themes, what is added to the seed.
PARTS = [(0, EARLY, 0), (750, LATE, 100), (2100, BROAD, 200), (4850, LAST, 300), (5000, BROAD, 400), (5800, LAST, 500), (5900, BROAD, 600),
         (6620, LAST, 700), (6700, CAREFUL, 800), (8500, LAST, 900)]


def plain(text):
    """What two prompts have in common when only case and marks differ."""
    return re.sub(r"[\W_]+", " ", text.lower()).strip()


def held_out():
    """Every prompt of the evaluation sets that is longer than a word or two, in plain form."""
    single = json.loads((EVALUATION / "single-turn.json").read_text())
    beyond = json.loads((EVALUATION / "out-of-scope.json").read_text())
    prompts = [prompt for group in single["groups"] for prompt in group["prompts"]] + beyond["prompts"]
    return {plain(prompt) for prompt in prompts} - {""}


def encode(dialogue, tokenizer, random):
    """Token ids, and for each whether the model is to learn it: only answers are."""
    ids = tokenizer.start(dialogue.system)
    learnt = [False] * len(ids)

    def add(tokens, learn):
        ids.extend(tokens)
        learnt.extend([learn] * len(tokens))

    for turn in dialogue.turns:
        add(tokenizer.said("user", turn.user) + tokenizer.assistant_head, False)
        answer = tokenizer.answered(turn.answer)
        if turn is dialogue.turns[-1] and turn.recited and random.random() < CUT_SHARE:
            answer = answer[:CUT_TOKENS]  # the rest is known by heart soon; the time is better spent on other questions
        add(answer, True)
        add(tokenizer.newline, False)
    return ids[:-len(tokenizer.newline)], learnt[:-len(tokenizer.newline)]


def samples(tokenizer, seed, context, weights):
    """Endless encoded dialogues that fit the context and hold no evaluation prompt."""
    held, random = held_out(), Random(seed + 1)
    for dialogue in dialogues(seed, weights):
        if any(plain(turn.user) in held for turn in dialogue.turns):
            continue
        ids, learnt = encode(dialogue, tokenizer, random)
        if len(ids) <= context:
            yield ids, learnt


def batches(tokenizer, seed, context, batch_tokens, weights=EARLY):
    """Endless lists of samples of like length, about batch_tokens tokens each."""
    stream, random = samples(tokenizer, seed, context, weights), Random(seed + 2)
    while True:
        pool = sorted((next(stream) for _ in range(POOL)), key=lambda sample: len(sample[0]))
        grouped, current = [], []
        for sample in pool:
            if current and (len(current) + 1) * len(sample[0]) > batch_tokens:
                grouped.append(current)
                current = []
            current.append(sample)
        random.shuffle(grouped)
        yield from grouped


def curriculum(tokenizer, seed, context, batch_tokens, first, steps):
    """The batches of a training run, part by part, from step `first` to the last."""
    ends = [start for start, _, _ in PARTS[1:]] + [steps]
    for (start, weights, offset), end in zip(PARTS, ends):
        end = min(end, steps)
        if max(first, start) < end:
            yield from islice(batches(tokenizer, seed + offset, context, batch_tokens, weights), max(first - start, 0), end - start)


def tensors(batch):
    """Ids and learning mask as (batch, time), padded with zeros."""
    longest = max(len(ids) for ids, _ in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    learnt = torch.zeros(len(batch), longest, dtype=torch.bool)
    for row, (tokens, mask) in enumerate(batch):
        ids[row, :len(tokens)] = torch.tensor(tokens)
        learnt[row, :len(mask)] = torch.tensor(mask)
    return ids, learnt
