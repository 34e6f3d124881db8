#!/usr/bin/env python3
"""Checks on a GPU that a training which was killed and resumed ends with the bits of one that never stopped.

usage: training/test_resume.py --generator PROGRAM [--work FOLDER]
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch

STEPS, SAVE_EVERY = 24, 8  # every resolution has its turn before and after the kill


def command(generator: str, folder: Path, *more: str) -> list[str]:
    small = ("--steps", str(STEPS), "--save-every", str(SAVE_EVERY), "--batch", "2", "--pool", "24")
    # Few places and many new shards: what a pool held is overwritten between the kill and the end.
    options = ("--shards-per-step", "0.4", "--warm-up", "8", "--no-compile", "--deterministic")
    program = [sys.executable, str(Path(__file__).with_name("train.py")), "--generator", generator]
    return [*program, "--output", str(folder / "run"), "--work", str(folder / "work"), *small, *options, *more]


def environment() -> dict[str, str]:
    # What cuBLAS needs to give the same bits; PyTorch's notes on reproducibility.
    return {**os.environ, "CUBLAS_WORKSPACE_CONFIG": ":4096:8"}


def run(generator: str, folder: Path, *more: str) -> None:
    subprocess.run(command(generator, folder, *more), check=True, env=environment())


def run_and_kill(generator: str, folder: Path) -> None:
    """SIGKILL some steps after the first checkpoint, so that what came after it is lost."""
    process = subprocess.Popen(command(generator, folder), env=environment(), start_new_session=True)
    while not (folder / "run/checkpoint").exists():
        if process.poll() is not None:
            raise RuntimeError("the training ended before its first checkpoint")
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def stored(folder: Path) -> dict:
    return {path.name: torch.load(path, map_location="cpu") for path in sorted((folder / "run/checkpoint").glob("*.pt"))}


def flatten(value, name: str = "") -> dict[str, torch.Tensor]:
    if isinstance(value, dict):
        return {k: v for key, entry in value.items() for k, v in flatten(entry, f"{name}/{key}").items()}
    return {name: torch.as_tensor(value)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--generator", required=True, help="what build_generator.sh built")
    generator = parser.parse_args().generator
    with tempfile.TemporaryDirectory() as name:
        whole, resumed = Path(name) / "whole", Path(name) / "resumed"
        run(generator, whole)
        run_and_kill(generator, resumed)
        at = stored(resumed)["average.pt"]["step"]
        run(generator, resumed, "--resume")
        expected, got = flatten(stored(whole)), flatten(stored(resumed))
    assert expected.keys() == got.keys()
    differing = [k for k in expected if not k.endswith("/seconds") and not torch.equal(expected[k], got[k])]
    assert not differing, f"{len(differing)} of {len(expected)} tensors differ, e.g. {differing[:3]}"
    assert at < STEPS, "the training was over before it was killed"
    print(f"ok: killed after step {at} of {STEPS}, {len(expected)} tensors with equal bits")


if __name__ == "__main__":
    main()
