#!/usr/bin/env python3
"""Measures a checkpoint on unseen scenes.

usage: training/evaluate.py --generator PROGRAM --checkpoint FOLDER --output METRICS.json [--scenes 500]
           [--size 512x1024 ...] [--pictures FOLDER]
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

import checkpoint
from model import CANONICAL_FOCAL, CLASSES, DEPTH_RANGE, MtmiB0, metres_of
from pictures import contact_sheet
from scenes import EVALUATION_SEED, Size, normalise, start_generator, take_shard

NAMES = (
    "road", "sidewalk", "building", "wall", "fence", "pole", "traffic light", "traffic sign", "vegetation", "terrain",
    "sky", "person", "rider", "car", "truck", "bus", "train", "motorcycle", "bicycle",
)  # fmt: skip
PER_SHARD = 10


class Sums:
    """What the metrics are made of, over all scenes."""

    def __init__(self):
        self.confusion = torch.zeros(CLASSES, CLASSES, dtype=torch.float64, device="cuda")
        self.depth = torch.zeros(6, dtype=torch.float64, device="cuda")

    def add(self, classes: torch.Tensor, metres: torch.Tensor, labels: torch.Tensor, truth: torch.Tensor) -> float:
        """One scene; returns its share of wrong pixels."""
        known = labels < CLASSES
        pairs = labels[known] * CLASSES + classes[known]
        confusion = torch.bincount(pairs, minlength=CLASSES * CLASSES).view(CLASSES, CLASSES)
        self.confusion += confusion
        valid = (truth > 0) & (truth <= DEPTH_RANGE)
        predicted, true = metres[valid].clamp(0.001, DEPTH_RANGE).double(), truth[valid].double()
        ratio = torch.maximum(predicted / true, true / predicted)
        self.depth += torch.stack([
            ((predicted - true).abs() / true).sum(),
            (predicted - true).square().sum(),
            *((ratio < 1.25**k).sum() for k in (1, 2, 3)),
            valid.sum(),
        ])  # fmt: skip
        return 1 - (confusion.trace() / confusion.sum().clamp(min=1)).item()

    def metrics(self) -> dict:
        overlap = self.confusion.diag()
        union = self.confusion.sum(0) + self.confusion.sum(1) - overlap
        present = self.confusion.sum(1) > 0
        iou = (overlap / union.clamp(min=1)).tolist()
        sums = (self.depth / self.depth[5]).tolist()
        return {
            "miou": round((overlap / union.clamp(min=1))[present].mean().item(), 4),
            "pixel_accuracy": round((overlap.sum() / self.confusion.sum()).item(), 4),
            "abs_rel": round(sums[0], 4),
            "rmse": round(sums[1] ** 0.5, 3),
            **{f"delta{k}": round(sums[1 + k], 4) for k in (1, 2, 3)},
            "iou": {name: round(x, 4) for name, x, p in zip(NAMES, iou, present.tolist(), strict=True) if p},
        }


@torch.no_grad()
def evaluate(model: MtmiB0, program: Path, work: Path, size: Size, scenes: int, keep: int) -> tuple[dict, list]:
    """Metrics, and the first `keep` and the `keep` worst scenes with what was predicted."""
    shards = -(-scenes // PER_SHARD)
    generator = start_generator(program, work, EVALUATION_SEED, 0, shards, PER_SHARD, size, 16, 64)
    sums, kept = Sums(), []
    for shard in range(shards):
        records = take_shard(work, shard, size, lambda: generator.poll() in (None, 0))
        for i, scene in enumerate(records[: scenes - shard * PER_SHARD]):
            image = torch.from_numpy(scene["image"].copy()).cuda()[None]
            with torch.autocast("cuda", torch.bfloat16):
                scores, logit = model(normalise(image))
            classes = scores[0].argmax(0)
            metres = metres_of(logit.float())[0, 0] * (float(scene["focal"]) / CANONICAL_FOCAL)
            truth = torch.from_numpy(scene["depth"].astype(np.float32) / 256).cuda()
            labels = torch.from_numpy(scene["labels"].astype(np.int64)).cuda()
            wrong = sums.add(classes, metres, labels, truth)
            kept.append((shard * PER_SHARD + i, wrong, scene, classes.byte().cpu().numpy(), metres.cpu().numpy()))
            kept = [*kept[:keep], *sorted(kept[keep:], key=lambda k: -k[1])[:keep]]
    generator.wait()
    return {"scenes": scenes, "size": f"{size.height}x{size.width}", **sums.metrics()}, kept


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--generator", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("/dev/shm/mtmi-scenes/evaluation"))
    parser.add_argument("--scenes", type=int, default=500)
    parser.add_argument("--size", action="append", help="HEIGHTxWIDTH; may be given more than once")
    parser.add_argument("--pictures", type=Path, help="folder for first.jpg and worst.jpg of the first size")
    arguments = parser.parse_args()
    model = MtmiB0()
    progress = checkpoint.load_average(arguments.checkpoint, model)
    model = model.cuda().eval().to(memory_format=torch.channels_last)
    results = []
    for text in arguments.size or ["512x1024"]:
        size = Size(*(int(x) for x in text.split("x")))
        metrics, kept = evaluate(model, arguments.generator, arguments.work, size, arguments.scenes, 6)
        stamp = {"step": progress["step"], "seconds": progress["seconds"], "seed": EVALUATION_SEED}
        results.append({**stamp, **metrics})
        print(json.dumps(results[-1]), flush=True)
        if arguments.pictures and len(results) == 1:
            contact_sheet(kept[:6]).save(arguments.pictures / "first.jpg", quality=85)
            contact_sheet(kept[6:]).save(arguments.pictures / "worst.jpg", quality=85)
    arguments.output.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
