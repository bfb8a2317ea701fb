"""Writes a checkpoint as a GGUF file (version 3) that llama.cpp loads: weights as Q8_0, vocabulary, chat template."""

import argparse
import struct
from pathlib import Path

import numpy
import sentencepiece
import torch

from tokenizer import TURN_END

VERSION = "1.0"
TEMPLATE = (
    "{{ bos_token }}"
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}")

UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
PACKED = {UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}
TENSOR_F32, TENSOR_Q8_0, FILE_Q8_0 = 0, 8, 7
NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6
ALIGNMENT, BLOCK = 32, 32


def text(value):
    data = value.encode("utf-8")
    return struct.pack("<Q", len(data)) + data


def entry(key, kind, value):
    return text(key) + struct.pack("<I", kind) + (text(value) if kind == STRING else struct.pack(PACKED[kind], value))


def array(key, kind, values):
    body = b"".join(text(value) if kind == STRING else struct.pack(PACKED[kind], value) for value in values)
    return text(key) + struct.pack("<IIQ", ARRAY, kind, len(values)) + body


def describe(shape):
    """General metadata and the architecture's numbers."""
    return [
        entry("general.architecture", STRING, "llama"), entry("general.type", STRING, "model"), entry("general.name", STRING, "lifeboat"),
        entry("general.version", STRING, VERSION), entry("general.license", STRING, "mit"),
        entry("general.description", STRING, "A very small offline chat model, trained from nothing; the fallback that ships with keyturn"),
        entry("general.file_type", UINT32, FILE_Q8_0), entry("general.quantization_version", UINT32, 2), entry("general.alignment", UINT32, ALIGNMENT),
        entry("llama.context_length", UINT32, shape["context"]), entry("llama.embedding_length", UINT32, shape["width"]),
        entry("llama.block_count", UINT32, shape["layers"]), entry("llama.feed_forward_length", UINT32, shape["hidden"]),
        entry("llama.attention.head_count", UINT32, shape["heads"]), entry("llama.attention.head_count_kv", UINT32, shape["heads"]),
        entry("llama.attention.layer_norm_rms_epsilon", FLOAT32, shape["epsilon"]), entry("llama.rope.freq_base", FLOAT32, shape["rope_base"]),
        entry("llama.rope.dimension_count", UINT32, shape["width"] // shape["heads"]), entry("llama.vocab_size", UINT32, shape["vocabulary"]),
    ]


def kind_of(pieces, token):
    if pieces.is_unknown(token):
        return UNKNOWN
    if pieces.is_control(token):
        return CONTROL
    return BYTE if pieces.is_byte(token) else NORMAL


def vocabulary(pieces):
    """Tokens with scores and kinds. Byte tokens must be there, or llama.cpp aborts on unknown characters."""
    tokens, turn_end = range(pieces.vocab_size()), pieces.piece_to_id(TURN_END)
    return [
        entry("tokenizer.ggml.model", STRING, "llama"), entry("tokenizer.ggml.pre", STRING, "default"),
        array("tokenizer.ggml.tokens", STRING, [pieces.id_to_piece(token) for token in tokens]),
        array("tokenizer.ggml.scores", FLOAT32, [pieces.get_score(token) for token in tokens]),
        array("tokenizer.ggml.token_type", INT32, [kind_of(pieces, token) for token in tokens]),
        entry("tokenizer.ggml.bos_token_id", UINT32, pieces.bos_id()), entry("tokenizer.ggml.eos_token_id", UINT32, turn_end),
        entry("tokenizer.ggml.eot_token_id", UINT32, turn_end), entry("tokenizer.ggml.unknown_token_id", UINT32, pieces.unk_id()),
        entry("tokenizer.ggml.padding_token_id", UINT32, pieces.eos_id()), entry("tokenizer.ggml.add_bos_token", BOOL, True),
        entry("tokenizer.ggml.add_eos_token", BOOL, False), entry("tokenizer.ggml.add_space_prefix", BOOL, False),
        entry("tokenizer.chat_template", STRING, TEMPLATE),
    ]


def weights(state, layers):
    """Pairs of GGUF tensor name and matrix. The output layer is the embedding, so it isn't written again."""
    yield "token_embd.weight", state["embedding"]
    for layer in range(layers):
        block = {name: state[f"blocks.{layer}.{name}"] for name in ("attention_norm", "query_key_value", "attention_out", "feed_norm", "gate_up", "down")}
        query, key, value = numpy.split(block["query_key_value"], 3)
        gate, up = numpy.split(block["gate_up"], 2)
        named = dict(attn_norm=block["attention_norm"], attn_q=query, attn_k=key, attn_v=value, attn_output=block["attention_out"],
                     ffn_norm=block["feed_norm"], ffn_gate=gate, ffn_up=up, ffn_down=block["down"])
        for name, matrix in named.items():
            yield f"blk.{layer}.{name}.weight", matrix
    yield "output_norm.weight", state["norm"]


def quantised(matrix):
    """Q8_0: blocks of 32 values, each a half-precision scale and 32 signed bytes."""
    blocks = matrix.reshape(-1, BLOCK).astype(numpy.float32)
    scales = (numpy.abs(blocks).max(axis=1) / 127).astype(numpy.float32)
    inverse = numpy.divide(1, scales, out=numpy.zeros_like(scales), where=scales > 0)
    packed = numpy.zeros(len(blocks), dtype=[("scale", "<f2"), ("values", "i1", BLOCK)])
    packed["scale"], packed["values"] = scales, numpy.round(blocks * inverse[:, None])
    return packed.tobytes()


def encoded(matrix):
    return (TENSOR_F32, matrix.astype("<f4").tobytes()) if matrix.ndim == 1 else (TENSOR_Q8_0, quantised(matrix))


def padded(data):
    return data + b"\0" * (-len(data) % ALIGNMENT)


def export(checkpoint, tokenizer, target):
    """Writes target and returns its size in bytes."""
    saved = torch.load(checkpoint, map_location="cpu")
    state = {name: tensor.float().numpy() for name, tensor in saved["weights"].items()}
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(tokenizer))
    metadata = describe(saved["shape"]) + vocabulary(pieces)
    index, bodies, offset = [], [], 0
    for name, matrix in weights(state, saved["shape"]["layers"]):
        kind, body = encoded(matrix)
        sizes = matrix.shape[::-1]
        index.append(text(name) + struct.pack("<I", len(sizes)) + struct.pack(f"<{len(sizes)}Q", *sizes) + struct.pack("<IQ", kind, offset))
        bodies.append(padded(body))
        offset += len(bodies[-1])
    head = b"GGUF" + struct.pack("<IQQ", 3, len(index), len(metadata)) + b"".join(metadata) + b"".join(index)
    return Path(target).write_bytes(padded(head) + b"".join(bodies))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint")
    parser.add_argument("tokenizer")
    parser.add_argument("target")
    options = parser.parse_args()
    print(options.target, export(options.checkpoint, options.tokenizer, options.target), "bytes")
