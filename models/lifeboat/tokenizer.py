"""The vocabulary: SentencePiece BPE over the dialogues, digits one by one, bytes for everything unknown."""

from itertools import islice

import sentencepiece

from dialogues import dialogues

VOCABULARY = 3072
TURN_START, TURN_END = "<|im_start|>", "<|im_end|>"
SEED = 777


def corpus(count):
    """Every line of the dialogues, without foreign text and gibberish: those fall back to bytes and letters."""
    for system, turns in islice(dialogues(SEED), count):
        yield from ("system", "user", "assistant")
        texts = [system or ""]
        for turn in turns:
            texts += [turn.answer] if turn.intent in ("foreign", "gibberish") else [turn.user, turn.answer]
        for text in texts:
            yield from (line for line in text.split("\n") if line)
    for code in range(33, 127):
        yield chr(code)


def train_tokenizer(path, count=60000):
    """Writes path, a SentencePiece model."""
    with open(path, "wb") as file:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=corpus(count), model_writer=file, model_type="bpe", vocab_size=VOCABULARY, character_coverage=1.0,
            byte_fallback=True, split_digits=True, add_dummy_prefix=False, remove_extra_whitespaces=False, normalization_rule_name="identity",
            unk_id=0, bos_id=1, eos_id=2, pad_id=-1, control_symbols=[TURN_START, TURN_END], num_threads=1, minloglevel=1)


class ChatTokenizer:
    """Text to token ids and back, in the layout that the chat template in the GGUF writes too."""

    def __init__(self, path):
        self.pieces = sentencepiece.SentencePieceProcessor(model_file=str(path))
        self.turn_start, self.turn_end = self.pieces.piece_to_id(TURN_START), self.pieces.piece_to_id(TURN_END)
        self.newline = self.pieces.encode("\n")
        self.assistant_head = [self.turn_start] + self.pieces.encode("assistant\n")

    def said(self, role, text):
        """A whole turn of the system or the user. Role and text are encoded apart, as chat engines do with a template."""
        return [self.turn_start] + self.pieces.encode(role + "\n") + self.pieces.encode(text) + [self.turn_end] + self.newline

    def answered(self, text):
        """What follows `assistant_head`: the answer and its end."""
        return self.pieces.encode(text) + [self.turn_end]

    def start(self, system=None):
        return [self.pieces.bos_id()] + (self.said("system", system) if system else [])
