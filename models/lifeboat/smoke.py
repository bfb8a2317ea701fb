"""A small run of the whole recipe, build.sh: a few steps of everything. Says so and exits 0 where torch is missing."""

import importlib.util
import struct
import sys
import tempfile
from pathlib import Path

STEPS, TOKENIZER_DIALOGUES, WORD_DIALOGUES, EVERY_PROMPT = 4, 3000, 300, 60


FIGURES = ["single_turn", "out_of_scope_refused", "first_turns", "later_turns"]


def missing():
    return [name for name in ("torch", "sentencepiece", "numpy") if importlib.util.find_spec(name) is None]


def header_of(path):
    """Magic, version, number of tensors and of metadata entries of a GGUF file."""
    with open(path, "rb") as file:
        return struct.unpack("<4sIQQ", file.read(24))


def smoke(folder):
    import train
    from evaluate import evaluate
    from export import export
    from generate import answers, history, load
    from mangled import known_words, read_words
    from plot import plot, read
    from tokenizer import ChatTokenizer, train_tokenizer

    vocabulary, target = folder / "tokenizer.model", folder / "lifeboat.gguf"
    train_tokenizer(vocabulary, TOKENIZER_DIALOGUES)
    train.BATCH_TOKENS = 256
    checkpoint = train.train(folder, steps=STEPS // 2)
    checkpoint = train.train(folder, steps=STEPS)  # goes on from the first half
    size = export(checkpoint, vocabulary, target)
    magic, version, tensors, entries = header_of(target)
    assert (magic, version, tensors) == (b"GGUF", 3, 2 + 9 * train.SHAPE["layers"]) and entries > 20, "the GGUF header is wrong"
    assert size < 8_000_000, f"{size} bytes are more than 8 MB"
    tokenizer = ChatTokenizer(vocabulary)
    assert tokenizer.pieces.decode(tokenizer.pieces.encode("déjà vu 42 ✓")) == "déjà vu 42 ✓", "text is lost in the tokenizer"
    plot(folder / "loss.csv", folder / "table.csv", folder / "loss.svg")
    assert read(folder / "loss.csv")[-1][0] == STEPS and "polyline" in (folder / "loss.svg").read_text(), "the curve has no end"
    strange = known_words(WORD_DIALOGUES) - read_words()
    assert not strange, f"evaluation/words.txt lacks {sorted(strange)}: run mangled.py"
    figures, rows = evaluate(checkpoint, vocabulary, EVERY_PROMPT)
    assert len(rows) == sum(figures[name]["of"] for name in FIGURES), "the evaluation lost answers"
    said = answers(load(checkpoint), tokenizer, [history(tokenizer, None, [], prompt) for prompt in ("Hello", "What is 2 + 2?")])
    print(f"ok: {STEPS} steps, {size} bytes, {len(rows)} prompts scored, answers of {' and '.join(str(len(text)) for text in said)} characters")


if __name__ == "__main__":
    if missing():
        print(f"skipped: {', '.join(missing())} is not installed")
        sys.exit(0)
    with tempfile.TemporaryDirectory() as folder:
        smoke(Path(folder))
