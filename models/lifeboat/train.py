"""Training from nothing: Muon for the matrices of the blocks, AdamW for the rest; the schedule counts steps."""

import argparse
import csv
import math
import time
from itertools import islice
from pathlib import Path

import torch
import torch.nn.functional as F

from data import batches, curriculum, tensors
from model import SHAPE, Lifeboat
from tokenizer import ChatTokenizer, train_tokenizer

# The learning rate at some steps, straight lines between them: warm-up, a flat part, a long way down.
RATES = [(0, 4e-5), (99, 4e-3), (2100, 4e-3), (5000, 2e-5),
         (5030, 1.5e-3), (5250, 1.5e-3), (5900, 2e-5),
         (5930, 1.5e-3), (6100, 1.5e-3), (6700, 2e-5),
         (6730, 1.5e-3), (7400, 1.5e-3), (8600, 2e-5)]
STEPS = RATES[-1][0]
SEED = 1
BATCH_TOKENS = 3072
DECAY = 0.05
SAVE_EVERY = 100
LOG_EVERY = 50


def orthogonalised(gradient):
    """The nearest matrix with equal singular values, by five Newton-Schulz steps."""
    x = gradient.bfloat16()
    tall = x.shape[0] > x.shape[1]
    x = x.t() if tall else x
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        a = x @ x.t()
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * (a @ a)) @ x
    return (x.t() if tall else x).float()


class Muon:
    """Momentum, then an orthogonal step, for each matrix; stacked matrices are taken apart."""

    def __init__(self, blocks, momentum=0.95):
        self.parts = [(matrix, pieces) for block in blocks for matrix, pieces in
                      ((block.query_key_value, 3), (block.attention_out, 1), (block.gate_up, 2), (block.down, 1))]
        self.momenta = [torch.zeros_like(matrix) for matrix, _ in self.parts]
        self.momentum = momentum

    @torch.no_grad()
    def step(self, rate):
        for (matrix, pieces), momentum in zip(self.parts, self.momenta):
            momentum.lerp_(matrix.grad, 1 - self.momentum)
            direction = matrix.grad.lerp(momentum, self.momentum)
            for part, weights in zip(direction.chunk(pieces), matrix.chunk(pieces)):
                weights.mul_(1 - rate * DECAY).add_(orthogonalised(part), alpha=-rate * 0.2 * math.sqrt(max(part.shape)))


def adam_for_the_rest(model, muon):
    taken = {id(matrix) for matrix, _ in muon.parts}
    rest = [parameter for parameter in model.parameters() if id(parameter) not in taken]
    groups = [dict(params=[p for p in rest if p.dim() > 1], weight_decay=DECAY), dict(params=[p for p in rest if p.dim() == 1], weight_decay=0)]
    return torch.optim.AdamW(groups, lr=RATES[0][1], betas=(0.9, 0.95))


def rate_at(step):
    """The learning rate of a step, from the table."""
    for (start, before), (end, after) in zip(RATES, RATES[1:]):
        if step <= end:
            return before + (after - before) * (step - start) / (end - start)
    return RATES[-1][1]


def loss_of(model, ids, learnt):
    chosen = learnt[:, 1:].reshape(-1).nonzero().squeeze(1)
    return F.cross_entropy(model(ids[:, :-1], chosen).float(), ids[:, 1:].reshape(-1)[chosen])


def train(folder, steps=STEPS, seed=SEED):
    """Trains into folder: tokenizer.model, checkpoint.pt (resumable) and loss.csv. Returns the checkpoint's path."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "tokenizer.model").exists():
        train_tokenizer(folder / "tokenizer.model")
    tokenizer = ChatTokenizer(folder / "tokenizer.model")
    model = Lifeboat(tokenizer.pieces.vocab_size())
    muon = Muon(model.blocks)
    adam = adam_for_the_rest(model, muon)
    first = resume(folder / "checkpoint.pt", model, muon, adam)
    context = SHAPE["context"]
    unseen = [tensors(batch) for batch in islice(batches(tokenizer, seed + 999983, context, BATCH_TOKENS), 12)]
    stream = curriculum(tokenizer, seed, context, BATCH_TOKENS, first, steps)
    print(f"{model.parameter_count() / 1e6:.2f}M parameters, steps {first} to {steps}", flush=True)
    run(model, muon, adam, stream, unseen, first, steps, folder)
    return folder / "checkpoint.pt"


def run(model, muon, adam, stream, unseen, first, steps, folder):
    smooth, tokens, started = None, 0, time.time()
    for step, batch in enumerate(stream, first):
        ids, learnt = tensors(batch)
        rate = rate_at(step)
        loss = loss_of(model, ids, learnt)
        model.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for group in adam.param_groups:
            group["lr"] = rate
        adam.step()
        muon.step(rate)
        tokens += ids.numel()
        smooth = loss.item() if smooth is None else 0.98 * smooth + 0.02 * loss.item()
        if (step + 1) % LOG_EVERY == 0:
            print(f"step {step + 1} loss {smooth:.4f} rate {rate:.1e} {tokens / (time.time() - started):.0f} tokens/s {(time.time() - started) / 60:.1f} min", flush=True)
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == steps:
            save(folder, model, muon, adam, step + 1, smooth, unseen)


def save(folder, model, muon, adam, step, smooth, unseen):
    """Writes the checkpoint in one move, and a line of the loss curve."""
    with torch.no_grad():
        validation = sum(loss_of(model, *batch).item() for batch in unseen) / len(unseen)
    print(f"  step {step} validation {validation:.4f}", flush=True)
    state = dict(shape=model.shape, weights=model.state_dict(), momenta=muon.momenta, adam=adam.state_dict(), step=step)
    torch.save(state, folder / "checkpoint.part")
    (folder / "checkpoint.part").rename(folder / "checkpoint.pt")
    with open(folder / "loss.csv", "a", newline="") as file:
        csv.writer(file).writerow([step, f"{smooth:.4f}", f"{validation:.4f}"])


def resume(path, model, muon, adam):
    """Loads a checkpoint if there is one; returns the step to go on with."""
    if not path.exists():
        return 0
    state = torch.load(path, map_location="cpu")
    model.load_state_dict(state["weights"])
    adam.load_state_dict(state["adam"])
    for momentum, saved in zip(muon.momenta, state["momenta"]):
        momentum.copy_(saved)
    return state["step"]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    train(options.folder, options.steps, options.seed)
