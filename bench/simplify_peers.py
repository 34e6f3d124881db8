#!/usr/bin/env python3
"""`mtmi simplify` against onnxsim and onnxslim: nodes left, time of the whole process, and whether the outputs stayed.

usage: simplify_peers.py MODEL.onnx... [--rounds 7] [--mtmi build/release/bin/mtmi]

Each contender is a process that reads the file, simplifies, checks once on random input and writes. They take turns.
Install the peers as bench/peers/README.md says, and run this with that Python.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy
import onnx
import onnxruntime

from turns import difference, print_times, take_turns

ROOT = pathlib.Path(__file__).resolve().parent.parent


def commands(mtmi: str, model: str, folder: pathlib.Path) -> dict[str, list[str]]:
    """The contenders that are installed; each writes FOLDER/NAME.onnx."""
    scripts = pathlib.Path(sys.executable).parent
    found = {
        "mtmi": [mtmi, "simplify", model, "-o", str(folder / "mtmi.onnx")],
        "onnxsim": [str(scripts / "onnxsim"), model, str(folder / "onnxsim.onnx"), "1"],
        "onnxslim": [str(scripts / "onnxslim"), model, str(folder / "onnxslim.onnx"), "--model-check"],
    }
    for name in [name for name, command in found.items() if not pathlib.Path(command[0]).exists()]:
        print(f"left out: {found.pop(name)[0]} is not there")
    return found


def seconds_of(command: list[str]) -> float:
    begin = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    elapsed = time.perf_counter() - begin
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return elapsed


def outputs_of(model: str) -> list[numpy.ndarray]:
    """What ONNX Runtime computes, unoptimised, on seeded random input."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    random = numpy.random.default_rng(0)
    return session.run(
        None, {i.name: random.standard_normal(i.shape).astype(numpy.float32) for i in session.get_inputs()}
    )


def compare(model: str, rounds: int, mtmi: str) -> None:
    print(f"{model}: {len(onnx.load(model).graph.node)} nodes")
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        contenders = commands(mtmi, model, folder)
        times = take_turns({name: lambda c=command: seconds_of(c) for name, command in contenders.items()}, rounds)
        reference = outputs_of(model)
        notes = {}
        for name in contenders:
            result = str(folder / f"{name}.onnx")
            differences = "; ".join(map(difference, outputs_of(result), reference))
            notes[name] = f"{len(onnx.load(result).graph.node):5} nodes; outputs: {differences}"
    print_times(times, "s", notes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+", metavar="MODEL.onnx")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--mtmi", default=str(ROOT / "build/release/bin/mtmi"))
    arguments = parser.parse_args()
    for model in arguments.models:
        compare(model, arguments.rounds, arguments.mtmi)


if __name__ == "__main__":
    main()
