#!/usr/bin/env python3
"""Keeps of what `mtmi eval --json` measured what models/metrics.json says.

usage: training/metrics.py EVAL.json... > models/metrics.json
"""

import json
import sys
from pathlib import Path

DEPTH = ("abs_rel", "sq_rel", "rmse", "rmse_log", "si_log", "delta1", "delta2", "delta3")


def rounded(value: float) -> float:
    return float(f"{value:.4g}")


def change(head: dict) -> dict:
    """What a variant loses against float32, with its 95 % interval; positive is worse."""
    loss = head["loss"]
    if loss is None:
        return {}
    return {"loss": rounded(loss["value"]), "interval": [rounded(x) for x in loss["interval"]], "passed": loss["passed"]}


def of_head(head: dict) -> dict:
    if head["task"] == "depth":
        return {**{name: rounded(head[name]) for name in DEPTH}, **change(head)}
    found = {"miou": rounded(head["miou"]), "pixel_accuracy": rounded(head["pixel_accuracy"]), **change(head)}
    if head["loss"] is None:  # float32, which the others are compared with
        found["iou"] = {name: rounded(x) for name, x in head["iou"].items() if x is not None}
    return found


def of_run(path: Path) -> dict:
    measured = json.loads(path.read_text())
    variants = {v["name"]: {h["output"]: of_head(h) for h in v["heads"]} for v in measured["variants"]}
    return {"set": path.stem, "scenes": len(measured["scenes"]), "variants": variants}


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    json.dump([of_run(Path(path)) for path in sys.argv[1:]], sys.stdout, indent=1)
    print()
