"""The network: a very small decoder in the llama architecture (RMSNorm, rotary positions, SwiGLU, tied embeddings).

Weights are kept in float32; matrix products run in bfloat16, which oneDNN computes several times faster on
CPUs that know it. Rotary positions turn interleaved pairs, as llama.cpp's "norm" kind does, so that the export
needs no permutation.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

SHAPE = dict(width=192, layers=6, heads=6, hidden=512, context=512, epsilon=1e-5, rope_base=10000.0)
HALF = torch.bfloat16


class RootMeanSquare(torch.autograd.Function):
    """RMSNorm with its own backward pass: a third of the time of the composed one on CPU."""

    @staticmethod
    def forward(ctx, x, weight, epsilon):
        scale = torch.rsqrt(x.square().mean(-1, keepdim=True) + epsilon)
        normed = x * scale
        ctx.save_for_backward(normed, scale, weight)
        return (normed * weight).to(HALF)

    @staticmethod
    def backward(ctx, gradient):
        normed, scale, weight = ctx.saved_tensors
        gradient = gradient.float()
        weight_gradient = (gradient * normed).sum(dim=tuple(range(gradient.dim() - 1)))
        gradient = gradient * weight
        x_gradient = (gradient - normed * (gradient * normed).mean(-1, keepdim=True)) * scale
        return x_gradient, weight_gradient, None


def rotation_table(length, head_width, base):
    """Unit complex numbers, one for each position and pair of channels."""
    frequencies = 1.0 / base ** (torch.arange(0, head_width, 2).float() / head_width)
    angles = torch.outer(torch.arange(length).float(), frequencies)
    return torch.polar(torch.ones_like(angles), angles)


def rotate(x, table):
    """Turns x (batch, time, heads, channels) by its positions."""
    batch, time, heads, channels = x.shape
    pairs = torch.view_as_complex(x.float().reshape(batch, time, heads, channels // 2, 2))
    turned = pairs * table[:time].view(1, time, 1, -1)
    return torch.view_as_real(turned).reshape(batch, time, heads, channels).to(HALF)


class Block(nn.Module):
    """Attention and gated feed-forward, each on the residual road."""

    def __init__(self, shape):
        super().__init__()
        width, hidden, layers = shape["width"], shape["hidden"], shape["layers"]
        self.heads, self.head_width, self.epsilon = shape["heads"], width // shape["heads"], shape["epsilon"]
        deviation, residual = 0.5 / math.sqrt(width), 1 / math.sqrt(2 * layers)
        self.attention_norm = nn.Parameter(torch.ones(width))
        self.query_key_value = nn.Parameter(torch.randn(3 * width, width) * deviation)
        self.attention_out = nn.Parameter(torch.randn(width, width) * deviation * residual)
        self.feed_norm = nn.Parameter(torch.ones(width))
        self.gate_up = nn.Parameter(torch.randn(2 * hidden, width) * deviation)
        self.down = nn.Parameter(torch.randn(width, hidden) * 0.5 / math.sqrt(hidden) * residual)

    def forward(self, x, table, mask):
        x = x + F.linear(self.attend(RootMeanSquare.apply(x, self.attention_norm, self.epsilon), table, mask), self.attention_out.to(HALF))
        y = RootMeanSquare.apply(x, self.feed_norm, self.epsilon)
        gate, up = F.linear(y, self.gate_up.to(HALF)).chunk(2, -1)
        return x + F.linear(F.silu(gate) * up, self.down.to(HALF))

    def attend(self, y, table, mask):
        batch, time, width = y.shape
        query, key, value = F.linear(y, self.query_key_value.to(HALF)).view(batch, time, 3, self.heads, self.head_width).unbind(2)
        query, key, value = (self.by_head(part) for part in (rotate(query, table), rotate(key, table), value))
        scores = torch.bmm(query, key.transpose(1, 2)).float().mul_(1 / math.sqrt(self.head_width)).add_(mask[:time, :time])
        mixed = torch.bmm(F.softmax(scores, -1).to(HALF), value)
        return mixed.view(batch, self.heads, time, self.head_width).transpose(1, 2).reshape(batch, time, width)

    def by_head(self, part):
        batch, time, heads, channels = part.shape
        return part.transpose(1, 2).reshape(batch * heads, time, channels)


class Lifeboat(nn.Module):
    """Token ids (batch, time) to logits; `chosen` limits the costly output layer to the positions that are wanted."""

    def __init__(self, vocabulary, shape=SHAPE):
        super().__init__()
        self.shape = dict(shape, vocabulary=vocabulary)
        context = shape["context"]
        self.embedding = nn.Parameter(torch.randn(vocabulary, shape["width"]) * 0.02)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape["layers"]))
        self.norm = nn.Parameter(torch.ones(shape["width"]))
        self.register_buffer("table", rotation_table(context, shape["width"] // shape["heads"], shape["rope_base"]), persistent=False)
        self.register_buffer("mask", torch.full((context, context), float("-inf")).triu_(1), persistent=False)

    def forward(self, ids, chosen=None):
        x = F.embedding(ids, self.embedding)
        for block in self.blocks:
            x = block(x, self.table, self.mask)
        x = RootMeanSquare.apply(x, self.norm, self.shape["epsilon"])
        if chosen is not None:
            x = x.reshape(-1, x.shape[-1])[chosen]
        return F.linear(x, self.embedding.to(HALF))

    def parameter_count(self):
        return sum(parameter.numel() for parameter in self.parameters())
