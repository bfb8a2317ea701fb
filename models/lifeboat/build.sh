#!/bin/sh
# From nothing to ../lifeboat.gguf: tokenizer, training, export, evaluation. Same seed and steps, same dialogues in the same order.
# Needs Python with torch, sentencepiece and numpy (Debian: python3-torch python3-sentencepiece python3-numpy libopenblas0-pthread).
# Stopped and started again with the same WORK, it goes on from the last checkpoint.
#   PYTHON  the interpreter (python3)
#   WORK    where tokenizer, checkpoints and the loss curve go (a new temporary folder)
#   SEED    the seed of everything random (1)
set -eu
cd "$(dirname "$0")"
PYTHON=${PYTHON:-python3}
WORK=${WORK:-$(mktemp -d)}
SEED=${SEED:-1}
export OMP_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1 PYTHONHASHSEED=0

echo "work folder: $WORK"
"$PYTHON" train.py "$WORK" --seed "$SEED"
"$PYTHON" export.py "$WORK/checkpoint.pt" "$WORK/tokenizer.model" ../lifeboat.gguf
"$PYTHON" plot.py "$WORK/loss.csv" loss.csv loss.svg
"$PYTHON" mangled.py
"$PYTHON" evaluate.py "$WORK/checkpoint.pt" "$WORK/tokenizer.model" --keep
