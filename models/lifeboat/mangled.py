"""Finds mangled words in answers, by the list of all words that the dialogues' answers are made of: evaluation/words.txt."""

import re
from itertools import islice
from pathlib import Path

from dialogues import BROAD, EARLY, LATE, dialogues

KNOWN = Path(__file__).parent / "evaluation" / "words.txt"
SEED, DIALOGUES = 4040, 40000


def words(text):
    return re.findall(r"[^\W\d_]+", text.lower())


def backwards(some):
    return {word[::-1] for word in some}


def known_words(count=DIALOGUES):
    """Every word that some answer has of its own, not from what was said to it before."""
    known = set()
    for weights in (EARLY, LATE, BROAD):
        for system, turns in islice(dialogues(SEED, weights), count):
            heard = set(words(system or ""))
            for turn in turns:
                heard.update(words(turn.user))
                own = turn.answer.rpartition(" ")[0] if turn.intent == "reverse" else turn.answer
                known.update(set(words(own)) - heard)
    return known


def mangled(said, heard, known):
    """Words of an answer that are neither known, nor a letter, nor heard before, be it backwards."""
    copied = {word for text in heard for word in words(text)}
    return [word for word in words(said) if len(word) > 1 and word not in known | copied | backwards(copied)]


def write_words():
    """One line for each first letter."""
    by_letter = {}
    for word in sorted(known_words()):
        by_letter.setdefault(word[0], []).append(word)
    KNOWN.write_text("".join(" ".join(line) + "\n" for line in by_letter.values()))


def read_words():
    return set(KNOWN.read_text().split())


if __name__ == "__main__":
    write_words()
