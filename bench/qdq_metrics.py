#!/usr/bin/env python3
"""Task metrics of INT8 heads in ONNX Runtime, the Q/DQ models that `mtmi calibrate` writes, beside those of `mtmi eval`.

usage: bench/qdq_metrics.py --scenes FOLDER --images FOLDER [--mtmi build/release/bin/mtmi] [--model models/mtmi-b0.onnx]
           [--work FOLDER] [--count N] [--methods entropy,...]       (needs numpy, pillow and onnxruntime)

A check of `mtmi eval` by another program: other kernels, other code for the metrics (those of docs/eval.md, in NumPy).
The network is cut by `mtmi split`; encoder, heads and tails all run in ONNX Runtime. For mtmi-b0: outputs `seg` and `depth`.
Of `mtmi eval` there are bfloat16 on the CPU and three rows a method, from the same scenes and images: the DLA model
(`int8-...`), the same heads with pairs in float32 (`@qdq`), which is what ONNX Runtime is given, and the CPU's own INT8
(`@cpu`).
"""

import argparse
import json
import subprocess
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

MEAN, STD = np.float32([123.675, 116.28, 103.53]), np.float32([58.395, 57.12, 57.375])
CLASSES, CAP, CANONICAL_FOCAL = 19, 80.0, 512.0
GATE_SAYS_NO = 3  # exit status
Model = onnxruntime.InferenceSession


def mtmi(arguments: argparse.Namespace, *words: object) -> None:
    subprocess.run([arguments.mtmi, *map(str, words)], check=True, stdout=subprocess.DEVNULL)


def run(model: Model, values: dict) -> dict:
    names = [output.name for output in model.get_outputs()]
    return dict(zip(names, model.run(names, {i.name: values[i.name] for i in model.get_inputs()}), strict=True))


def read_scenes(folder: Path, count: int):
    """Image as the network's input, labels, depth [m] and focal length [pixels] of each scene."""
    for camera in json.loads((folder / "camera.json").read_text())["images"][:count]:
        file = camera["name"] + ".png"
        image = np.asarray(Image.open(folder / "images" / file), dtype=np.float32)
        depth = np.asarray(Image.open(folder / "depth" / file), dtype=np.float32) / 256
        labels = np.asarray(Image.open(folder / "labels" / file)).astype(np.int64)
        yield ((image - MEAN) / STD).transpose(2, 0, 1)[None], labels, depth, camera["focal_px"]


class Metrics:
    """mIoU of all pixels, AbsRel as the mean over scenes."""

    def __init__(self):
        self.confusion = np.zeros((CLASSES, CLASSES), dtype=np.int64)
        self.abs_rel = []

    def add(self, outputs: dict, labels: np.ndarray, depth: np.ndarray, focal: float) -> None:
        known = labels < CLASSES
        classes = outputs["seg"].reshape(labels.shape)
        pairs = labels[known] * CLASSES + classes[known]
        self.confusion += np.bincount(pairs, minlength=CLASSES**2).reshape(CLASSES, CLASSES)
        valid = (depth > 0) & (depth <= CAP)
        metres = outputs["depth"].reshape(depth.shape)[valid] * (focal / CANONICAL_FOCAL)
        truth = depth[valid].astype(np.float64)
        self.abs_rel.append(np.mean(np.abs(metres.clip(0.001, CAP) - truth) / truth))

    def row(self, by: str, name: str) -> str:
        hits = np.diag(self.confusion)
        present = self.confusion.sum(1) > 0
        union = self.confusion.sum(0) + self.confusion.sum(1) - hits
        return row(by, name, np.mean(hits[present] / union[present]), np.mean(self.abs_rel))


def row(by: str, name: str, miou: float, abs_rel: float) -> str:
    return f"| {by} | {name} | {100 * miou:.2f} | {abs_rel:.4f} |"


def rows_of_eval(arguments: argparse.Namespace) -> list[str]:
    """What `mtmi eval` says of the same methods, scenes and images."""
    methods = arguments.methods.split(",")
    names = ["bf16@cpu", *(f"int8-{method}{device}" for method in methods for device in ("", "@qdq", "@cpu"))]
    words = ["eval", arguments.model, "--scenes", arguments.scenes, "--count", arguments.count, "--images",
             arguments.images, "--variants", ",".join(names), "--json"]
    done = subprocess.run([arguments.mtmi, *map(str, words)], check=False, capture_output=True, text=True)
    if done.returncode not in (0, GATE_SAYS_NO):
        raise SystemExit(done.stderr)
    variants = json.loads(done.stdout)["variants"]
    rows = []
    for variant in variants:
        heads = {head["output"]: head for head in variant["heads"]}
        rows.append(row("mtmi eval", variant["name"], heads["seg"]["miou"], heads["depth"]["abs_rel"]))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scenes", type=Path, required=True)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--mtmi", type=Path, default=Path("build/release/bin/mtmi"))
    parser.add_argument("--model", type=Path, default=Path("models/mtmi-b0.onnx"))
    parser.add_argument("--work", type=Path, default=Path("/tmp/mtmi-qdq-peer"))
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--methods", default="entropy,minmax,percentile,mse")
    arguments = parser.parse_args()
    first = next(read_scenes(arguments.scenes, 1))[0]
    parts = arguments.work / "parts"
    mtmi(arguments, "split", arguments.model, "-o", parts, "--no-check", "--input",
         "input=" + ",".join(map(str, first.shape)))
    encoder, tails = Model(parts / "encoder.onnx"), [Model(f) for f in sorted(parts.glob("*_tail.onnx"))]
    variants = {"float32": [Model(parts / f"{head}.onnx") for head in ("seg", "depth")]}
    for method in arguments.methods.split(","):
        for head in ("seg", "depth"):
            mtmi(arguments, "calibrate", parts, "--head", head, "--images", arguments.images, "--method", method,
                 "-o", arguments.work / f"{head}-{method}")
        variants[f"int8-{method}"] = [Model(arguments.work / f"{h}-{method}_qdq.onnx") for h in ("seg", "depth")]
    metrics = {name: Metrics() for name in variants}
    for image, *truth in read_scenes(arguments.scenes, arguments.count):
        features = run(encoder, {encoder.get_inputs()[0].name: image})
        for name, heads in variants.items():
            values = dict(features)
            for model in [*heads, *tails]:
                values |= run(model, values)
            metrics[name].add(values, *truth)
    print(f"ONNX Runtime {onnxruntime.__version__}, {arguments.count} scenes\n")
    print("| by | variant | seg mIoU [%] | depth AbsRel |\n| --- | --- | --- | --- |")
    for name, result in metrics.items():
        print(result.row("ONNX Runtime", name))
    print("\n".join(rows_of_eval(arguments)))


if __name__ == "__main__":
    main()
