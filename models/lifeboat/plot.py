"""The loss curve as a small CSV with a heading, and as an SVG: training (smoothed) and validation against steps."""

import argparse
import csv
import math
from pathlib import Path

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 320, 56, 36
LINES = [("training", "#6b7280"), ("validation", "#0f766e")]


def read(path):
    with open(path, newline="") as file:
        return [(int(step), float(training), float(validation)) for step, training, validation in csv.reader(file)]


def svg(rows):
    """Loss on a logarithmic axis."""
    last, logs = rows[-1][0], [math.log10(value) for row in rows for value in row[1:]]
    low, high = math.floor(min(logs) * 2) / 2, math.ceil(max(logs) * 2) / 2
    x = lambda step: LEFT + (WIDTH - LEFT - 12) * step / last
    y = lambda loss: 12 + (HEIGHT - BOTTOM - 12) * (high - math.log10(loss)) / (high - low)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>']
    for tick in [high - half / 2 for half in range(int((high - low) * 2) + 1)]:
        parts.append(f'<path d="M{LEFT} {y(10 ** tick):.1f}H{WIDTH - 12}" stroke="#e5e7eb"/><text x="8" y="{y(10 ** tick) + 4:.1f}">{10 ** tick:.3g}</text>')
    for at in range(0, 5):
        parts.append(f'<text x="{x(last * at / 4):.1f}" y="{HEIGHT - 14}" text-anchor="{"end" if at == 4 else "middle"}">{last * at // 4}</text>')
    for column, (name, colour) in enumerate(LINES, 1):
        points = " ".join(f"{x(row[0]):.1f},{y(row[column]):.1f}" for row in rows)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{WIDTH - 110}" y="{14 + 18 * column}" fill="{colour}">{name} loss</text>')
    return "\n".join(parts + ["</svg>", ""])


def plot(source, table, picture):
    """From the training's own lines to a CSV with a heading and an SVG."""
    rows = read(source)
    lines = ["step,training_loss,validation_loss"] + [",".join(map(str, row)) for row in rows]
    Path(table).write_text("\n".join(lines) + "\n")
    Path(picture).write_text(svg(rows))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source")
    parser.add_argument("csv")
    parser.add_argument("svg")
    options = parser.parse_args()
    plot(options.source, options.csv, options.svg)
