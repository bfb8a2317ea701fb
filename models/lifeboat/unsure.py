"""How often a first sentence is right, by how likely the model finds it: where UNSURE_BELOW in generate.py should lie.

Asks the first questions of dialogues that the grammar draws; none is from the evaluation sets.
"""

import argparse
from random import Random

import torch

from data import held_out, plain
from dialogues import BROAD, EARLY, LATE, dialogue
from dialogues.social import JOKES
from generate import continuations, history, load, sentences
from tokenizer import ChatTokenizer

SEED, QUESTIONS, AT_ONCE = 990001, 1200, 60
BANDS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.01]


def drawn(count):
    """System prompts and first exchanges of all themes, without prompts of the evaluation sets."""
    random, held, rows = Random(SEED), held_out(), []
    while len(rows) < count:
        system, turns = dialogue(random, random.choice([EARLY, LATE, BROAD]))
        if plain(turns[0].user) not in held:
            rows.append((system, turns[0]))
    return rows


def first_sentences(model, tokenizer, count):
    """Pairs (chance, right) of answers' first sentences; questions, which are always said, are left out."""
    asked = drawn(count)
    for at in range(0, count, AT_ONCE):
        some = asked[at:at + AT_ONCE]
        written = continuations(model, tokenizer, [history(tokenizer, system, [], turn.user) for system, turn in some])
        for (_, turn), (tokens, chances) in zip(some, written):
            said, (_, text, chance) = tokenizer.pieces.decode(tokens), next(sentences(tokenizer, tokens, chances))
            if not text.endswith("?"):
                yield chance, said == turn.answer or turn.intent == "joke" and said in JOKES


def report(rows):
    """A line for each band of chances."""
    low = 0.0
    for high in BANDS:
        band = [right for chance, right in rows if low <= chance < high]
        print(f"{low:.1f} to {min(high, 1.0):.1f}: {sum(band)} right, {len(band) - sum(band)} wrong")
        low = high


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint")
    parser.add_argument("tokenizer")
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    report(list(first_sentences(load(options.checkpoint), ChatTokenizer(options.tokenizer), options.questions)))
