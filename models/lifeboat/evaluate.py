"""Scores a checkpoint on the fixed sets in evaluation/ by their patterns, and writes evaluation/result.json."""

import argparse
import json
import re
from collections import Counter
from pathlib import Path

import torch

from generate import HISTORY_TURNS, answers, history, load
from mangled import mangled, read_words
from tokenizer import ChatTokenizer

FOLDER = Path(__file__).parent / "evaluation"
WORDS = read_words()


def read(name):
    return json.loads((FOLDER / f"{name}.json").read_text())


def matches(pattern, said):
    return re.search(pattern, said, re.IGNORECASE) is not None


def garbled(said, heard):
    """Signs of broken text: nothing, no end, odd characters, the same words over and over, or words that don't exist."""
    words = said.split()
    loop = any(words[at:at + 3] == words[at + 3:at + 6] == words[at + 6:at + 9] for at in range(len(words) - 8)) and not re.match(r"1, 2", said)
    return not said.strip() or len(said) > 420 or "\ufffd" in said or re.search(r"[^\x20-\x7e]", said) is not None or loop or mangled(said, heard, WORDS) != []


def ask_single(reply, every):
    """Rows (intent, heard, answer, right) of the single-turn set; heard is all that was said to the model, the prompt at last."""
    asked = [(group, prompt) for group in read("single-turn")["groups"] for prompt in group["prompts"]][::every]
    said = reply([(None, [], prompt) for _, prompt in asked])
    return [(group["intent"], [prompt], text, matches(group["expect"], text)) for (group, prompt), text in zip(asked, said)]


def ask_beyond(reply, every):
    """Rows of the out-of-scope set: right means refused."""
    beyond = read("out-of-scope")
    prompts = beyond["prompts"][::every]
    said = reply([(None, [], prompt) for prompt in prompts])
    return [("out-of-scope", [prompt], text, matches(beyond["expect"], text)) for prompt, text in zip(prompts, said)]


def ask_dialogues(reply, every):
    """Rows of the multi-turn set; the model's own answers are its history. The intent is "first" or "later"."""
    rows, dialogues = [], [(dialogue, []) for dialogue in read("multi-turn")["dialogues"][::every]]
    for at in range(max(len(dialogue["turns"]) for dialogue, _ in dialogues)):
        going_on = [(dialogue, exchanges) for dialogue, exchanges in dialogues if at < len(dialogue["turns"])]
        said = reply([(dialogue.get("system"), exchanges[-HISTORY_TURNS:], dialogue["turns"][at][0]) for dialogue, exchanges in going_on])
        for (dialogue, exchanges), text in zip(going_on, said):
            prompt, expected = dialogue["turns"][at]
            heard = [dialogue.get("system") or ""] + [said for said, _ in exchanges] + [prompt]
            rows.append(("later" if exchanges else "first", heard, text, matches(expected, text)))
            exchanges.append((prompt, text))
    return rows


def share(rows):
    right = sum(row[3] for row in rows)
    return {"right": right, "of": len(rows), "percent": round(100 * right / max(1, len(rows)), 1)}


def by_intent(rows):
    total, right = Counter(row[0] for row in rows), Counter(row[0] for row in rows if row[3])
    return {intent: f"{right[intent]}/{total[intent]}" for intent in sorted(total)}


def evaluate(checkpoint, tokenizer_path, every=1):
    """All figures, and the rows they come from. `every` is for a quick look: every n-th prompt."""
    torch.set_num_threads(1)
    model, tokenizer = load(checkpoint), ChatTokenizer(tokenizer_path)
    reply = lambda asked: answers(model, tokenizer, [history(tokenizer, *one) for one in asked])
    single, beyond, turns = ask_single(reply, every), ask_beyond(reply, every), ask_dialogues(reply, every)
    figures = {
        "single_turn": share(single), "out_of_scope_refused": share(beyond),
        "first_turns": share([row for row in turns if row[0] == "first"]), "later_turns": share([row for row in turns if row[0] == "later"]),
        "garbled": sum(garbled(row[2], row[1]) for row in single + beyond + turns), "single_turn_by_intent": by_intent(single),
    }
    return figures, single + beyond + turns


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint")
    parser.add_argument("tokenizer")
    parser.add_argument("--keep", action="store_true", help="write evaluation/result.json")
    options = parser.parse_args()
    figures, rows = evaluate(options.checkpoint, options.tokenizer)
    for intent, heard, said, right in rows:
        if not right or garbled(said, heard):
            print(f"{'garbled' if garbled(said, heard) else 'wrong'} [{intent}] {heard[-1]} -> {said}")
    print(json.dumps(figures, indent=2))
    if options.keep:
        (FOLDER / "result.json").write_text(json.dumps(figures, indent=2) + "\n")
