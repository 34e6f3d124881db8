#!/usr/bin/env python3
"""`mtmi bench` against ONNX Runtime and OpenVINO on the CPU: latency of one frame, and what the outputs are worth.

usage: cpu_peers.py MODEL.onnx [--rounds 9] [--threads 2] [--precision f32]... [--int8] [--command NAME=COMMAND]...
                    [--mtmi build/release/bin/mtmi]

  --precision   of mtmi: f32, bf16, int8 (default f32); may be repeated
  --int8        adds the peers' INT8, quantised on random images: the speed is real, the outputs are not
  --command     one more contender, e.g. another build; its last word on stdout is its own median [ms]

The contenders take turns. Install the peers as bench/peers/README.md says, and run this with that Python.
"""
import argparse
import logging
import pathlib
import shlex
import subprocess
import tempfile
import time
from collections.abc import Callable

import numpy
import onnxruntime
import openvino

from turns import difference, print_times, take_turns

ROOT = pathlib.Path(__file__).resolve().parent.parent


class InProcess:
    """A peer whose one inference is timed here."""

    def __init__(self, infer: Callable[[], list[numpy.ndarray]]):
        self.infer = infer
        self.outputs = infer()  # warms up, too

    def milliseconds(self) -> float:
        begin = time.perf_counter()
        self.infer()
        return (time.perf_counter() - begin) * 1e3


class Command:
    """A process that measures itself; the last word that it prints is its median [ms]."""

    def __init__(self, command: list[str], outputs: list[numpy.ndarray] | None = None):
        self.command = command
        self.outputs = outputs

    def milliseconds(self) -> float:
        return float(run(self.command).split()[-1])


def run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{shlex.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def inputs_of(model: str, seed: int) -> dict[str, numpy.ndarray]:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    random = numpy.random.default_rng(seed)
    return {i.name: random.standard_normal(i.shape).astype(numpy.float32) for i in session.get_inputs()}


def onnx_runtime(model: str, inputs: dict[str, numpy.ndarray], threads: int) -> InProcess:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return InProcess(lambda: session.run(None, inputs))


def onnx_runtime_int8(model: str, inputs: dict[str, numpy.ndarray], threads: int, folder: pathlib.Path) -> InProcess:
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class RandomImages(CalibrationDataReader):
        def __init__(self):
            self.images = iter([inputs_of(model, seed) for seed in range(4)])

        def get_next(self):
            return next(self.images, None)

    logging.getLogger().setLevel(logging.ERROR)
    prepared, quantised = str(folder / "prepared.onnx"), str(folder / "int8.onnx")
    quant_pre_process(model, prepared)
    quantize_static(prepared, quantised, RandomImages(), quant_format=QuantFormat.QDQ, per_channel=True)
    return onnx_runtime(quantised, inputs, threads)


def open_vino(model, inputs: dict[str, numpy.ndarray], threads: int, precision: str) -> InProcess:
    hints = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": precision}
    compiled = openvino.Core().compile_model(model, "CPU", hints)
    request = compiled.create_infer_request()
    return InProcess(lambda: [numpy.array(output) for output in request.infer(inputs).values()])


def open_vino_int8(model: str):
    import nncf

    images = [list(inputs_of(model, seed).values()) for seed in range(4)]
    return nncf.quantize(
        openvino.Core().read_model(model),
        nncf.Dataset(images),
        subset_size=len(images),
        preset=nncf.QuantizationPreset.MIXED,
        model_type=nncf.ModelType.TRANSFORMER,
    )


def mtmi(program: str, model: str, inputs: dict[str, numpy.ndarray], names: list[str], options: list[str]) -> Command:
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        command = [program, "infer", model, *options, "-o", str(folder / "out")]
        for number, (name, values) in enumerate(inputs.items()):
            numpy.save(folder / f"{number}.npy", values)
            command += ["--input", f"{name}={folder / f'{number}.npy'}"]
        run(command)
        outputs = [numpy.load(folder / "out" / f"{name}.npy") for name in names]
    return Command([program, "bench", model, *options, "--runs", "3"], outputs)


def contenders_of(arguments: argparse.Namespace, folder: pathlib.Path) -> dict[str, InProcess | Command]:
    model, threads = arguments.model, arguments.threads
    inputs = inputs_of(model, seed=0)
    names = [o.name for o in onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"]).get_outputs()]
    contenders: dict[str, InProcess | Command] = {}
    if pathlib.Path(arguments.mtmi).exists():
        for precision in arguments.precision or ["f32"]:
            options = ["--device", "cpu", "--precision", precision, "--threads", str(threads)]
            contenders[f"mtmi {precision}"] = mtmi(arguments.mtmi, model, inputs, names, options)
    else:
        print(f"left out: {arguments.mtmi} is not there")
    contenders["onnxruntime f32"] = onnx_runtime(model, inputs, threads)
    for precision in ("f32", "bf16"):
        contenders[f"openvino {precision}"] = open_vino(model, inputs, threads, precision)
    if arguments.int8:
        contenders["onnxruntime int8"] = onnx_runtime_int8(model, inputs, threads, folder)
        try:
            quantised = open_vino_int8(model)
            for precision in ("f32", "bf16"):
                contenders[f"openvino int8 + {precision}"] = open_vino(quantised, inputs, threads, precision)
        except ImportError:
            print("left out: openvino int8, as nncf is not installed")
    for text in arguments.command:
        name, _, command = text.partition("=")
        contenders[name] = Command(shlex.split(command))
    return contenders


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", metavar="MODEL.onnx")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--precision", action="append", choices=["f32", "bf16", "f16", "int8"])
    parser.add_argument("--int8", action="store_true")
    parser.add_argument("--command", action="append", default=[], metavar="NAME=COMMAND")
    parser.add_argument("--mtmi", default=str(ROOT / "build/release/bin/mtmi"))
    arguments = parser.parse_args()

    processor = openvino.Core().get_property("CPU", "FULL_DEVICE_NAME")
    versions = f"onnxruntime {onnxruntime.__version__}, openvino {openvino.__version__.split('-')[0]}"
    print(f"{arguments.model}: {processor}, {arguments.threads} threads, {versions}")
    with tempfile.TemporaryDirectory() as folder:
        contenders = contenders_of(arguments, pathlib.Path(folder))
        reference = contenders["onnxruntime f32"].outputs
        notes = {
            name: "outputs: " + "; ".join(map(difference, contender.outputs, reference))
            for name, contender in contenders.items()
            if contender.outputs is not None
        }
        times = take_turns({name: c.milliseconds for name, c in contenders.items()}, arguments.rounds)
    print_times(times, "ms", notes)


if __name__ == "__main__":
    main()
