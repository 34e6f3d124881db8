#!/usr/bin/env python3
"""What each calibration method gives with how many images: one run of `mtmi eval`, as tables in Markdown.

usage: bench/calibration_study.py [--mtmi build/release/bin/mtmi] [--model models/mtmi-b0.onnx] [--work FOLDER]
           [--size 512x1024] [--scenes 500] [--images 8,32,128,512] [--methods entropy,minmax,percentile,mse]
           [--options aligned,depth8,truncate] [--f16] [--json FILE]

Every image is observed once, for all methods and numbers of images, and every scene is encoded once, for all variants.
--f16 adds half precision, where the DLA takes the heads in it: at 512x1024 a convolution of mtmi-b0 is too wide.
Scenes for calibration have seed 2000, those for evaluation 3000. What is in FOLDER already is not drawn again.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

CALIBRATION_SEED, EVALUATION_SEED = 2000, 3000


def draw(mtmi: Path, folder: Path, count: int, size: str, seed: int) -> Path:
    """A folder of scenes; drawn unless it is complete."""
    cameras = folder / "camera.json"
    if not cameras.exists() or len(json.loads(cameras.read_text())["images"]) != count:
        subprocess.run([mtmi, "scenes", "-o", folder, "--count", str(count), "--size", size, "--seed", str(seed)],
                       check=True, stdout=subprocess.DEVNULL)
    return folder


def names_of(arguments: argparse.Namespace) -> list[str]:
    counts, methods, options = (text.split(",") if text else []
                                for text in (arguments.images, arguments.methods, arguments.options))
    return (["f16"] * arguments.f16 + [f"int8-{method}/{count}" for method in methods for count in counts]
            + [f"int8-{methods[0]}/{counts[-1]}+{option}" for option in options])


def cell(head: dict) -> str:
    """The change against float32 with its interval: points of mIoU, AbsRel in thousandths."""
    loss, factor = head["loss"], -100.0 if head["task"] == "segmentation" else 1000.0
    low, high = sorted(factor * x for x in loss["interval"])
    text = f"{factor * loss['value']:+.2f} ({low:+.2f} to {high:+.2f})"
    return text if loss["passed"] else f"**{text}**"


def table(result: dict) -> str:
    heads = result["variants"][0]["heads"]
    unit = {"segmentation": "mIoU [points]", "depth": "AbsRel [1/1000]"}
    float32 = ", ".join(f"{h['output']} {h['miou' if h['task'] == 'segmentation' else 'abs_rel']:.4f}" for h in heads)
    lines = [f"float32 over {len(result['scenes'])} scenes: {float32}. Changes with 95 % intervals; "
             "bold: over the limit.", "",
             "| variant | " + " | ".join(f"{h['output']}, {unit[h['task']]}" for h in heads) + " |",
             "| --- |" + " --- |" * len(heads)]
    for variant in result["variants"][1:]:
        lines.append(f"| {variant['name']} | " + " | ".join(cell(head) for head in variant["heads"]) + " |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mtmi", type=Path, default=Path("build/release/bin/mtmi"))
    parser.add_argument("--model", type=Path, default=Path("models/mtmi-b0.onnx"))
    parser.add_argument("--work", type=Path, default=Path("/tmp/mtmi-calibration-study"))
    parser.add_argument("--size", default="512x1024")
    parser.add_argument("--scenes", type=int, default=500)
    parser.add_argument("--images", default="8,32,128,512")
    parser.add_argument("--methods", default="entropy,minmax,percentile,mse")
    parser.add_argument("--options", default="aligned,depth8,truncate")
    parser.add_argument("--f16", action="store_true", help="half precision, too")
    parser.add_argument("--json", type=Path, help="keep what eval measured")
    arguments = parser.parse_args()
    most = max(int(count) for count in arguments.images.split(","))
    calibration = draw(arguments.mtmi, arguments.work / f"calibration-{arguments.size}-{most}", most,
                       arguments.size, CALIBRATION_SEED)
    scenes = draw(arguments.mtmi, arguments.work / f"scenes-{arguments.size}-{arguments.scenes}", arguments.scenes,
                  arguments.size, EVALUATION_SEED)
    done = subprocess.run([arguments.mtmi, "eval", arguments.model, "--scenes", scenes, "--images",
                           calibration / "images", "--variants", ",".join(names_of(arguments)), "--json"],
                          stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 3):  # 3: some variant is over the limit, which is what is asked here
        return done.returncode
    if arguments.json:
        arguments.json.write_text(done.stdout)
    print(table(json.loads(done.stdout)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
