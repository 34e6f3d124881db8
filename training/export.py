#!/usr/bin/env python3
"""Writes a checkpoint's averaged weights as ONNX: symbolic H and W, weights stored as float16.

usage: training/export.py --checkpoint FOLDER --output FILE.onnx [--exporter torchscript|dynamo]
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

import checkpoint
from model import MtmiB0, metres_of

OPSET = 18
SMALLEST_HALVED = 64  # elements; scalars and shapes stay as they are


class Deployed(nn.Module):
    """seg [1, H, W], the class of each pixel; depth [1, 1, H, W] in metres for the canonical focal length."""

    def __init__(self, model: MtmiB0):
        super().__init__()
        self.model = model

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        scores, logit = self.model(images)
        return scores.argmax(1), metres_of(logit)


def to_onnx(model: nn.Module, exporter: str) -> onnx.ModelProto:
    example = torch.randn(1, 3, 256, 320)
    names = {"input_names": ["input"], "output_names": ["seg", "depth"], "opset_version": OPSET}
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model.onnx")
        if exporter == "dynamo":
            shapes = ({2: 32 * torch.export.Dim("h", min=2, max=256), 3: 32 * torch.export.Dim("w", min=2, max=256)},)
            torch.onnx.export(model, (example,), path, dynamo=True, dynamic_shapes=shapes, external_data=False, **names)
        else:
            axes = {"input": {2: "H", 3: "W"}, "seg": {1: "H", 2: "W"}, "depth": {2: "H", 3: "W"}}
            torch.onnx.export(model, (example,), path, dynamo=False, dynamic_axes=axes, **names)
        return onnx.load(path)


def halve(model: onnx.ModelProto) -> None:
    """Stores float32 initializers as float16, each with a Cast back: computing stays in float32."""
    casts = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < SMALLEST_HALVED or tensor.name.endswith("running_var"):
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), name + ".half"))
        casts.append(helper.make_node("Cast", [name + ".half"], [name], name + ".cast", to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--exporter", choices=("torchscript", "dynamo"), default="torchscript")
    arguments = parser.parse_args()
    network = MtmiB0()
    checkpoint.load_average(arguments.checkpoint, network)
    model = to_onnx(Deployed(network.write_out().eval()), arguments.exporter)
    del model.graph.value_info[:]
    halve(model)
    onnx.checker.check_model(model)
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, arguments.output)
    print(f"{arguments.output}: {arguments.output.stat().st_size} bytes, {len(model.graph.node)} nodes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
