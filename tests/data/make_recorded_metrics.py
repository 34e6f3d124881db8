#!/usr/bin/env python3
"""Prints the figures that vision/*_metrics_test.cpp hold: task metrics by NumPy's plain formulas.

usage: make_recorded_metrics.py      (needs numpy; with torchmetrics installed, mIoU is held to it as well)

The inputs are drawn by the same generator as in the tests (core/random.h), so that no file of data is needed.
"""

import numpy as np

PIXELS, CLASSES, CAP = 4000, 5, 80.0
MASK = (1 << 64) - 1


class Random:
    """SplitMix64, as core/random.h."""

    def __init__(self, seed: int):
        self.state = seed

    def next(self) -> int:
        self.state = z = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def uniform(self) -> np.float32:
        return np.float32(self.next() >> 40) * np.float32(2.0**-24)


def depth() -> dict[str, float]:
    random = Random(7)
    pairs = []
    for _ in range(PIXELS):
        truth = np.float32(random.next() % 25600) / np.float32(256)
        pairs.append((truth, truth * (np.float32(0.5) + random.uniform())))
    truth, predicted = (np.array(x, dtype=np.float64) for x in zip(*pairs, strict=True))
    valid = (truth > 0) & (truth <= CAP)
    t, p = truth[valid], predicted[valid].clip(np.float32(0.001), CAP)
    ratio, log = np.maximum(p / t, t / p), np.log(p) - np.log(t)
    return {
        "pixels": int(valid.sum()),
        "abs_rel": np.mean(np.abs(p - t) / t),
        "sq_rel": np.mean((p - t) ** 2 / t),
        "rmse": np.sqrt(np.mean((p - t) ** 2)),
        "rmse_log": np.sqrt(np.mean(log**2)),
        "si_log": 100 * np.sqrt(np.mean(log**2) - np.mean(log) ** 2),
        **{f"delta{k}": np.mean(ratio < 1.25**k) for k in (1, 2, 3)},
    }


def segmentation() -> dict[str, float]:
    random = Random(11)
    truth, predicted = [], []
    for _ in range(PIXELS):
        label = random.next() % (CLASSES + 1)
        truth.append(255 if label == CLASSES else label)
        predicted.append(label if random.next() % 4 and label < CLASSES else random.next() % CLASSES)
    truth, predicted = np.array(truth), np.array(predicted)
    known = truth != 255
    iou = []
    for c in range(CLASSES):
        both = np.sum(known & (truth == c) & (predicted == c))
        either = np.sum(known & ((truth == c) | (predicted == c)))
        iou.append(both / either)
    try:
        import torch
        from torchmetrics.classification import MulticlassJaccardIndex

        metric = MulticlassJaccardIndex(CLASSES, ignore_index=255)
        assert abs(metric(torch.tensor(predicted), torch.tensor(truth)).item() - np.mean(iou)) < 1e-6
    except ImportError:
        print("torchmetrics is not there: NumPy's figures only")
    return {
        "miou": np.mean(iou),
        "pixel_accuracy": np.mean(truth[known] == predicted[known]),
        **{f"iou{c}": x for c, x in enumerate(iou)},
    }


for name, value in {**depth(), **segmentation()}.items():
    print(name, repr(float(value)))
