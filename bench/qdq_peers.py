#!/usr/bin/env python3
"""PREFIX_qdq.onnx of `mtmi calibrate` by ONNX Runtime and OpenVINO, against mtmi's INT8.

usage: qdq_peers.py PREFIX --features DIR [--image NAME] [--layers] [--device cpu]

DIR is what `mtmi features` wrote: DIR/FEATURE/IMAGE.npy. The whole head: signal over quantisation noise [dB] of each
contender against float32. With --layers: every INT8 layer by itself, fed the integers that ONNX Runtime made in front
of it; how many results are equal, and how far the others are apart [steps]. --device dla_sim:0 rounds half away from
zero, the CPU and ONNX Runtime half to even.
Exit status: 0, or 1 where ONNX Runtime and mtmi differ by more than stated here (OpenVINO is only reported).
Install the peers as bench/peers/README.md says, and run this with that Python.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import onnx
import onnx.utils
import onnxruntime

ROOT = pathlib.Path(__file__).resolve().parent.parent
MAX_SQNR_DIFFERENCE = 0.3  # [dB] of a whole head
MIN_EQUAL = 0.99  # of the results of a layer that is fed the same integers
# The same where a resize keeps its scale: x2 makes one exact tie in 16, and float32, as ONNX Runtime computes it, leaves
# to chance which way it goes.
MIN_EQUAL_OF_TIES = 0.95
MAX_STEPS = 1  # that the others may be apart

Tensors = dict[str, numpy.ndarray]


def run_ort(model: str | bytes, inputs: Tensors, level="ORT_ENABLE_ALL", outputs: list[str] | None = None) -> Tensors:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = getattr(onnxruntime.GraphOptimizationLevel, level)
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    names = outputs or [o.name for o in session.get_outputs()]
    return dict(zip(names, session.run(names, {i.name: inputs[i.name] for i in session.get_inputs()})))


def run_openvino(model: str, inputs: Tensors, config: dict) -> Tensors:
    import openvino

    compiled = openvino.Core().compile_model(model, "CPU", config)
    results = compiled({port.get_any_name(): inputs[port.get_any_name()] for port in compiled.inputs})
    return {port.get_any_name(): numpy.array(results[port]) for port in compiled.outputs}


def file_name(tensor: str) -> str:
    """As mtmi writes it: letters, digits, '.', '_' and '-' are kept."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in tensor)


class Mtmi:
    """INT8 by the program as a user calls it."""

    def __init__(self, program: str, device: str, table: dict, folder: pathlib.Path):
        self.program, self.device, self.table, self.folder = program, device, table, folder

    def call(self, *arguments: str) -> None:
        done = subprocess.run([self.program, *arguments, "--quiet"], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"mtmi {' '.join(arguments)} failed:\n{done.stderr}")

    def run(self, model: str, inputs: Tensors, formats: dict[str, float]) -> Tensors:
        """The results in float32. `formats`: which inputs and outputs are int8, with their scales."""
        scales, engine, out = (self.folder / name for name in ("scales.json", "part.engine", "out"))
        graph = onnx.load(model).graph
        names = {value for node in graph.node for value in (*node.input, *node.output)}
        tensors = {name: entry for name, entry in self.table["tensors"].items() if name in names}
        # A piece of the graph has another hash, and its own table of the same scales.
        scales.write_text(json.dumps({**self.table, "graph_hash": "", "tensors": tensors}))
        io = [f"--io={name}=s8:linear:{scale!r}" for name, scale in formats.items()]
        build = ["build", model, f"--device={self.device}", "--precision=int8", f"--scales={scales}"]
        self.call(*build, *io, "-o", str(engine))
        files = []
        for value in graph.input:
            path = self.folder / f"input{len(files)}.npy"
            numpy.save(path, inputs[value.name])
            files.append(f"--input={value.name}={path}")
        self.call("infer", str(engine), f"--device={self.device}", *files, "-o", str(out))
        return {o.name: numpy.load(out / f"{file_name(o.name)}.npy") for o in graph.output}


def sqnr(reference: numpy.ndarray, got: numpy.ndarray) -> float:
    signal = reference.astype(numpy.float64)
    noise = float(((signal - got) ** 2).sum())
    return float("inf") if noise == 0 else 10 * numpy.log10(float((signal**2).sum()) / noise)


def run_head(prefix: str, inputs: Tensors, mtmi: Mtmi) -> Tensors:
    """Results that are rounded to integers in PREFIX_qdq.onnx are so here."""
    graph = onnx.load(f"{prefix}_qdq.onnx").graph
    makers = {output: node for node in graph.node for output in node.output}
    scales = {
        o.name: mtmi.table["tensors"][o.name]["scale"]
        for o in graph.output
        if makers[o.name].op_type == "DequantizeLinear"
    }
    return mtmi.run(f"{prefix}.onnx", inputs, scales)


def compare_heads(prefix: str, inputs: Tensors, mtmi: Mtmi) -> bool:
    qdq = f"{prefix}_qdq.onnx"
    reference = run_ort(f"{prefix}.onnx", inputs, "ORT_DISABLE_ALL")
    contenders = {
        "mtmi": lambda: run_head(prefix, inputs, mtmi),
        "ONNX Runtime": lambda: run_ort(qdq, inputs),
        "ONNX Runtime, node by node": lambda: run_ort(qdq, inputs, "ORT_DISABLE_ALL"),
        "OpenVINO, LP_TRANSFORMS_MODE=False": lambda: run_openvino(qdq, inputs, {"LP_TRANSFORMS_MODE": False}),
        "OpenVINO (its deviation)": lambda: run_openvino(qdq, inputs, {}),
    }
    results = {}
    for name, run in contenders.items():
        try:
            results[name] = run()
        except ImportError as missing:
            print(f"left out: {name}: {missing}")
    good = True
    for output, expected in reference.items():
        print(f"{output}: signal over quantisation noise against float32 [dB]")
        own = sqnr(expected, results["mtmi"][output])
        for name, result in results.items():
            got = sqnr(expected, result[output])
            verdict = ""
            if name.startswith("ONNX"):
                close = abs(got - own) <= MAX_SQNR_DIFFERENCE
                good &= close
                verdict = "" if close else f"   differs by more than {MAX_SQNR_DIFFERENCE}"
            print(f"  {name:36} {got:7.2f} {got - own:+7.2f}{verdict}")
    return good


class Layers:
    """The pieces of a Q/DQ model between integers."""

    def __init__(self, prefix: str):
        self.prefix = prefix
        self.model = onnx.load(f"{prefix}_qdq.onnx")
        self.extractor = onnx.utils.Extractor(self.model)
        self.float_extractor = onnx.utils.Extractor(onnx.load(f"{prefix}.onnx"))
        self.makers = {output: node for node in self.model.graph.node for output in node.output}
        constants = {c.name for c in self.model.graph.initializer}
        self.quantizers = [
            n for n in self.model.graph.node if n.op_type == "QuantizeLinear" and n.input[0] not in constants
        ]
        self.integers = {n.output[0] for n in self.quantizers}
        self.values = {c.name: onnx.numpy_helper.to_array(c) for c in self.model.graph.initializer}

    def name_in_graph(self, quantizer: onnx.NodeProto) -> str:
        """The tensor's name in PREFIX.onnx: new ones are called after it."""
        return quantizer.output[0].removesuffix("/quantize")

    def scale(self, quantizer: onnx.NodeProto) -> float:
        return float(self.values[quantizer.input[1]])

    def sources(self, quantizer: onnx.NodeProto) -> tuple[list[str], list[str]]:
        """The integers that a piece is computed from, and the operators on the way."""
        found, operators, todo = [], [], [quantizer.input[0]]
        while todo:
            name = todo.pop()
            maker = self.makers.get(name)
            if name in self.integers:
                found += [] if name in found else [name]
            elif maker is not None:
                operators += [] if "Linear" in maker.op_type else [maker.op_type]
                todo += maker.input
            elif name and name not in self.values:
                return [], []  # reads a float of the graph
        return found, operators[::-1]

    def compare(self, inputs: Tensors, mtmi: Mtmi) -> bool:
        types = {value.name: value for value in self.model.graph.value_info}
        whole = onnx.ModelProto()
        whole.CopyFrom(self.model)
        whole.graph.output.extend(types[name] for name in sorted(self.integers))
        made = run_ort(whole.SerializeToString(), inputs, "ORT_DISABLE_ALL")
        quantizer_of = {q.output[0]: q for q in self.quantizers}
        good = True
        print(f"{'result':28} {'equal':>9} {'apart':>6}   of {'values':>9}   operators")
        for quantizer in self.quantizers:
            sources, operators = self.sources(quantizer)
            if not sources:
                continue
            piece = self.extractor.extract_model(sources, [quantizer.output[0]])
            theirs = run_ort(piece.SerializeToString(), {s: made[s] for s in sources})[quantizer.output[0]]
            own_names = [self.name_in_graph(quantizer_of[s]) for s in sources]
            result = self.name_in_graph(quantizer)
            path = mtmi.folder / "layer.onnx"
            onnx.save(self.float_extractor.extract_model(own_names, [result]), path)
            formats = {self.name_in_graph(quantizer_of[s]): self.scale(quantizer_of[s]) for s in sources}
            formats[result] = self.scale(quantizer)
            fed = {name: made[s] for name, s in zip(own_names, sources)}
            ours = numpy.rint(mtmi.run(str(path), fed, formats)[result] / formats[result])
            apart = numpy.abs(ours.astype(int) - theirs.astype(int))
            equal = float((apart == 0).mean())
            ties = operators == ["Resize"] and len(set(formats.values())) == 1
            expected = MIN_EQUAL_OF_TIES if ties else MIN_EQUAL
            passed = equal >= expected and int(apart.max()) <= MAX_STEPS
            good &= passed
            note = "" if passed else f"   expected {expected:.0%} and {MAX_STEPS}"
            print(f"{result:28} {equal:9.4%} {apart.max():6}   of {apart.size:9}   {' '.join(operators)}{note}")
        return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("prefix", metavar="PREFIX")
    parser.add_argument("--features", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--image", metavar="NAME", help="which of the images; default: the first")
    parser.add_argument("--layers", action="store_true", help="compare layer by layer, too")
    parser.add_argument("--device", default="cpu", help="of mtmi; dla_sim:0 rounds half away from zero")
    parser.add_argument("--mtmi", default=str(ROOT / "build/release/bin/mtmi"))
    arguments = parser.parse_args()
    names = [value.name for value in onnx.load(f"{arguments.prefix}.onnx").graph.input]
    folders = {name: arguments.features / file_name(name) for name in names}
    images = sorted(file.stem for file in folders[names[0]].glob("*.npy"))
    if not images:
        sys.exit(f"{folders[names[0]]}: no features of an image there; `mtmi features` writes them")
    image = arguments.image or images[0]
    inputs = {name: numpy.load(folder / f"{image}.npy") for name, folder in folders.items()}
    with tempfile.TemporaryDirectory() as folder:
        table = json.loads(pathlib.Path(f"{arguments.prefix}.json").read_text())
        mtmi = Mtmi(arguments.mtmi, arguments.device, table, pathlib.Path(folder))
        good = compare_heads(arguments.prefix, inputs, mtmi)
        if arguments.layers:
            good &= Layers(arguments.prefix).compare(inputs, mtmi)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
