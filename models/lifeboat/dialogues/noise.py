"""What real typing does to a sentence: case, missing marks, typos, little words before and after."""

import re

from .grammar import expand

PREFIXES = "{hi,|hey,|hello,|hello!|hi there,|ok,|ok so|so,|so|well,|quick question:|question:|please,|sorry,|excuse me,|um,|hmm,|now,|and|but|one more thing:|also,|just curious:|i was wondering,|just wondering:|by the way,|btw|listen,|dear bot,|tell me:|tell me,|hey bot,|another question:|alright,|oh,|right,|actually,|look,|good morning,|good evening.|serious question:|can i ask something?|may i ask:|i have a question:|help:|stupid question:|my boss wants to know:|my colleague asks:|out of curiosity:|again:|next question:|say,|good, now|fine,|yes,|great,|thanks.|please tell me,|come on,|i keep wondering,|since you're here:|new topic:|something else:|lifeboat,|assistant,|could you help?|easy one:|hey, quick one:|hello again,|first question:|last question:}"
SUFFIXES = "{please|thanks|thank you|now|again|exactly|actually|really|by the way|for me|if you know|do you know|can you tell me|i forgot|any idea|i'd like to know|just curious|mate|friend|in short|briefly|here|today|quickly|i'm curious|asking for a friend|pls|plz|thx|ok|then|anyone|i'm new here|i'm confused|thanks in advance|in one sentence|if i may ask|i wonder|my friend|dear bot|bot|in general|normally|would you know|i need to know|i can't remember|tell me|cheers|buddy}"
NEAR = {"a": "s", "b": "v", "c": "x", "d": "s", "e": "r", "f": "g", "g": "h", "h": "j", "i": "o", "k": "l", "l": "k", "m": "n", "n": "m", "o": "p", "p": "o", "r": "t", "s": "a", "t": "y", "u": "i", "v": "b", "w": "e", "y": "u"}
SHORTER = {" you ": " u ", " are ": " r ", "please": "pls", "what is": "whats", "because": "cuz", " to ": " 2 ", "thanks": "thx", "about": "abt", "going to": "gonna", "want to": "wanna", "do not": "dont", " your ": " ur ", " and ": " & "}


def typo(word, random):
    """One slip of the finger in a word of at least four letters."""
    at = random.randrange(1, len(word) - 1)
    slip = random.randrange(4)
    if slip == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2:]
    if slip == 1:
        return word[:at] + word[at + 1:]
    if slip == 2:
        return word[:at] + word[at] + word[at:]
    return word[:at] + NEAR.get(word[at], word[at]) + word[at + 1:]


def with_typos(text, random, share):
    words = text.split(" ")
    return " ".join(typo(word, random) if len(word) > 3 and word.isalpha() and random.random() < share else word for word in words)


def wrapped(text, random):
    """The sentence with a phrase before or after it, as people talk."""
    draw = random.random()
    if draw < 0.13:
        text = expand(PREFIXES, random) + " " + text
    elif draw < 0.23:
        text = text.rstrip("?.!") + random.choice([" ", ", ", "? "]) + expand(SUFFIXES, random)
    elif draw < 0.26:
        text = expand(PREFIXES, random) + " " + text.rstrip("?.!") + random.choice([" ", ", "]) + expand(SUFFIXES, random)
    return text


def cased(text, random):
    draw = random.random()
    if draw < 0.42:
        return text[:1].upper() + text[1:].replace(" i ", " I ").replace(" i'", " I'")
    if draw < 0.6:
        return text.lower()
    if draw < 0.65:
        return text.upper()
    return text


def punctuated(text, random):
    if text[-1:] in ".!?)]}":
        return text[:-1] if random.random() < 0.25 else text
    draw = random.random()
    if draw < 0.4:
        return text + "?"
    if draw < 0.52:
        return text + random.choice([".", "!", "??", "...", " ?", "!!", " :)", "?!"])
    return text


def noisy(text, random, may_wrap=True, may_slip=True):
    """The sentence as somebody might really have typed it."""
    if may_wrap:
        text = wrapped(text, random)
    text = punctuated(cased(text, random), random)
    if random.random() < 0.2:
        text = text.replace("'", "")
    if may_slip and random.random() < 0.16:
        text = with_typos(text, random, 0.22)
    if may_wrap and random.random() < 0.06:
        for long, short in random.sample(sorted(SHORTER.items()), 4):
            text = text.replace(long, short)
    return re.sub(r"\s+([?!.,])", r"\1", text) if random.random() < 0.8 else text
