#!/usr/bin/env python3
"""Draws the curves of a training log as SVG.

usage: training/plot_log.py LOG.csv OUTPUT.svg
"""

import csv
import math
import sys
from pathlib import Path

WIDTH, HEIGHT, MARGIN = 720, 320, 48
CURVES = {"cross_entropy": "#1f77b4", "dice": "#2ca02c", "depth": "#d62728", "abs_rel": "#ff7f0e"}
LOWEST, HIGHEST = 0.03, 6.0
SMOOTHING = 9  # rows


def smoothed(values: list[float]) -> list[float]:
    half = SMOOTHING // 2
    windows = [values[max(0, i - half) : i + half + 1] for i in range(len(values))]
    return [sum(window) / len(window) for window in windows]


def curve(steps: list[int], values: list[float], colour: str) -> str:
    def x(step: int) -> float:
        return MARGIN + (WIDTH - 2 * MARGIN) * step / steps[-1]

    def y(value: float) -> float:
        share = math.log(max(value, LOWEST) / LOWEST) / math.log(HIGHEST / LOWEST)
        return HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * min(share, 1.0)

    points = " ".join(f"{x(s):.1f},{y(v):.1f}" for s, v in zip(steps, smoothed(values), strict=True))
    return f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="{points}"/>'


def drawing(rows: list[dict[str, str]]) -> str:
    steps = [int(row["step"]) for row in rows]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for tick in (0.05, 0.1, 0.2, 0.5, 1, 2, 5):
        share = math.log(tick / LOWEST) / math.log(HIGHEST / LOWEST)
        y = HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * share
        parts.append(f'<path d="M{MARGIN} {y:.1f}H{WIDTH - MARGIN}" stroke="#ddd"/>')
        parts.append(f'<text x="{MARGIN - 6}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>')
    for i, (name, colour) in enumerate(CURVES.items()):
        parts.append(curve(steps, [float(row[name]) for row in rows], colour))
        parts.append(f'<text x="{MARGIN + 10 + 110 * i}" y="24" fill="{colour}">{name}</text>')
    parts.append(f'<text x="{WIDTH - MARGIN}" y="{HEIGHT - 18}" text-anchor="end">step {steps[-1]}</text></svg>')
    return "\n".join(parts) + "\n"


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    with open(sys.argv[1], newline="") as file:
        rows = list(csv.DictReader(file))
    Path(sys.argv[2]).write_text(drawing(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
