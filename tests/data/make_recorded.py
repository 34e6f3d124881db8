#!/usr/bin/env python3
"""Writes recorded/CASE.onnx: one-node models that carry their inputs and what ONNX Runtime gives.

usage: make_recorded.py            (needs the Python packages onnx, onnxruntime and numpy)

For versions of operators that the ONNX project's test data as packaged lacks. The inputs are initializers, so
that a case is one file; the expected outputs are the unused initializers "expected/NAME".
"""
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent / "recorded"
IR_VERSIONS = [(14, 7), (18, 8), (20, 9), (22, 10), (99, 11)]
RANDOM = np.random.default_rng(0)


def floats(*shape: int) -> np.ndarray:
    """Normal numbers, rounded so that the files compress well and read well."""
    return (np.round(RANDOM.standard_normal(shape) * 64) / 64).astype(np.float32)


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def record(name: str, opset: int, op: str, inputs: list, outputs: int = 1, **attributes) -> None:
    """One case: `inputs` are arrays, or None where one is left out."""
    input_names = ["" if array is None else f"in{i}" for i, array in enumerate(inputs)]
    output_names = [f"out{i}" for i in range(outputs)]
    node = helper.make_node(op, input_names, output_names, name="node", **attributes)
    arrays = {n: np.asarray(a) for n, a in zip(input_names, inputs) if n}
    graph = helper.make_graph(
        [node],
        name,
        [helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(a.dtype), a.shape) for n, a in arrays.items()],
        [helper.make_empty_tensor_value_info(n) for n in output_names],
    )
    ir_version = next(ir for limit, ir in IR_VERSIONS if opset <= limit)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=ir_version)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    results = session.run(None, arrays)
    del graph.input[:]
    model.graph.CopyFrom(graph)
    for n, array in arrays.items():
        model.graph.initializer.append(numpy_helper.from_array(array, n))
    for n, array in zip(output_names, results):
        model.graph.initializer.append(numpy_helper.from_array(np.asarray(array), "expected/" + n))
    model.producer_name = "onnxruntime " + onnxruntime.__version__
    (HERE / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))


def activations() -> None:
    x = np.linspace(-4, 4, 17, dtype=np.float32)
    record("gelu_20", 20, "Gelu", [x])
    record("gelu_20_tanh", 20, "Gelu", [x], approximate="tanh")
    record("mish_18", 18, "Mish", [x])
    record("mish_22", 22, "Mish", [x])
    record("hard_swish_14", 14, "HardSwish", [x])
    record("elu_22", 22, "Elu", [x], alpha=0.5)


def normalizations() -> None:
    x = floats(2, 6, 3, 2)
    record("group_normalization_21", 21, "GroupNormalization", [x, floats(6), floats(6)], num_groups=3)
    record("group_normalization_18", 18, "GroupNormalization", [x, floats(3), floats(3)], num_groups=3, epsilon=0.01)
    record("batch_normalization_9", 9, "BatchNormalization", [x, floats(6), floats(6), floats(6), abs(floats(6))])
    for op in ["Softmax", "LogSoftmax"]:
        name = {"Softmax": "softmax", "LogSoftmax": "log_softmax"}[op]
        record(f"{name}_11", 11, op, [floats(2, 3, 4)])
        record(f"{name}_11_axis_0", 11, op, [floats(2, 3, 4)], axis=0)
        record(f"{name}_11_axis_2", 11, op, [floats(2, 3, 4)], axis=2)


def reductions() -> None:
    x = floats(2, 3, 4)
    for op in ["ReduceMean", "ReduceMax", "ReduceMin", "ReduceL2", "ReduceSum"]:
        name = op.replace("Reduce", "reduce_").lower()
        record(f"{name}_18", 18, op, [x, ints(1)], keepdims=1)
        record(f"{name}_18_two_axes", 18, op, [x, ints(0, -1)], keepdims=0)
        record(f"{name}_18_all", 18, op, [x])
        record(f"{name}_18_none", 18, op, [x, ints()], noop_with_empty_axes=1)
        record(f"{name}_11", 11, op, [x], axes=[-2], keepdims=0)
    record("reduce_max_18_int", 18, "ReduceMax", [np.array([[1, 5], [-3, 2]], np.int32), ints(0)])


def shapes() -> None:
    x = floats(7, 2)
    record("split_18_num_outputs", 18, "Split", [x], 3, num_outputs=3)
    record("split_18_sizes", 18, "Split", [x, ints(1, 4, 2)], 3, axis=-2)
    record("split_11", 11, "Split", [x], 2, axis=0, split=[3, 4])
    record("split_11_equal", 11, "Split", [x], 2, axis=1)
    record("slice_9", 9, "Slice", [x], starts=[1, 0], ends=[-1, 1], axes=[0, 1])
    record("squeeze_11", 11, "Squeeze", [floats(1, 3, 1)], axes=[0, 2])
    record("unsqueeze_11", 11, "Unsqueeze", [floats(3)], axes=[0, 2])
    record("squeeze_21", 21, "Squeeze", [floats(1, 3, 1), ints(0)])
    record("reshape_21", 21, "Reshape", [floats(2, 6), ints(3, -1)])
    record("transpose_23", 23, "Transpose", [floats(2, 3, 2)], perm=[2, 0, 1])
    record("flatten_21", 21, "Flatten", [floats(2, 3, 2)], axis=2)
    record("shape_21", 21, "Shape", [floats(2, 3, 2)], start=1)
    record("top_k_9", 9, "TopK", [floats(3, 5)], 2, axis=1, k=2)
    record("top_k_11_smallest", 11, "TopK", [floats(3, 5), ints(3)], 2, axis=0, largest=0)
    data, where, updates = floats(4, 2), ints(1, 3, 1).reshape(3, 1), floats(3, 2)
    for reduction in ["add", "mul", "min", "max"]:
        record(f"scatter_nd_18_{reduction}", 18, "ScatterND", [data, where, updates], reduction=reduction)


def padding() -> None:
    x = floats(2, 3, 4)
    record("pad_18_axes", 18, "Pad", [x, ints(1, 2, 0, 1), np.float32(0.5), ints(2, 0)])
    for mode in ["reflect", "edge"]:
        record(f"pad_18_{mode}", 18, "Pad", [x, ints(0, 1, 2, 1, 2, 1)], mode=mode)
    record("pad_18_negative", 18, "Pad", [x, ints(0, -1, 0, 0, 1, -2)])
    record("pad_19_wrap", 19, "Pad", [x, ints(1, 2, 0, 1, 1, 3)], mode="wrap")
    record("pad_21_int", 21, "Pad", [np.arange(6, dtype=np.int32).reshape(2, 3), ints(0, 1, 1, 0), np.int32(7)])
    record("pad_10", 10, "Pad", [x], pads=[0, 0, 1, 0, 2, 1], value=1.5)
    record("clip_10", 10, "Clip", [x], min=-0.5, max=0.75)
    record("dropout_10", 10, "Dropout", [x], ratio=0.4)


def pooling() -> None:
    x = floats(1, 2, 7, 6)
    record("average_pool_19_dilations", 19, "AveragePool", [x], kernel_shape=[2, 2], dilations=[2, 3])
    record("average_pool_19_ceil", 19, "AveragePool", [x], kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1,
           pads=[1, 1, 1, 1], count_include_pad=1)
    record("average_pool_22", 22, "AveragePool", [x], kernel_shape=[3, 2], auto_pad="SAME_LOWER")
    record("average_pool_9", 9, "AveragePool", [x], kernel_shape=[3, 3], pads=[0, 1, 2, 1], strides=[2, 1])
    record("max_pool_9", 9, "MaxPool", [x], kernel_shape=[2, 3], pads=[1, 0, 0, 2], strides=[2, 2])
    record("max_pool_22_ceil", 22, "MaxPool", [x], 2, kernel_shape=[2, 2], strides=[2, 3], ceil_mode=1, dilations=[2, 1])


def convolutions() -> None:
    x = floats(1, 4, 5, 6)
    record("conv_9", 9, "Conv", [x, floats(6, 2, 3, 2), floats(6)], group=2, pads=[1, 0, 0, 1], strides=[2, 1])
    record("conv_22_dilated", 22, "Conv", [x, floats(2, 4, 2, 2)], dilations=[2, 3], pads=[1, 2, 1, 1])
    record("conv_transpose_11", 11, "ConvTranspose", [x, floats(4, 3, 3, 3), floats(6)], group=2, strides=[2, 2],
           pads=[1, 0, 1, 1], output_padding=[1, 0], dilations=[1, 2])
    record("conv_transpose_11_same", 11, "ConvTranspose", [x, floats(4, 2, 3, 3)], strides=[2, 3], auto_pad="SAME_UPPER")
    record("gemm_9", 9, "Gemm", [floats(3, 2), floats(4, 3), floats(4)], transA=1, transB=1, alpha=0.5, beta=2.0)
    q, k = floats(1, 2, 3, 4), floats(1, 2, 5, 4)
    record("einsum_scores", 12, "Einsum", [q, k], equation="bhid,bhjd->bhij")
    record("einsum_weighted", 12, "Einsum", [floats(1, 2, 3, 5), k], equation="bhij,bhjd->bhid")
    record("einsum_pointwise", 12, "Einsum", [q, floats(6, 2)], equation="nchw,oc->nohw")
    record("einsum_sum", 12, "Einsum", [q], equation="abcd->bd")
    record("einsum_implicit", 12, "Einsum", [floats(3, 2), floats(2, 4)], equation="ij,jk")


def resizes() -> None:
    x = floats(1, 2, 4, 5)
    up, down = np.array([1, 1, 2, 1.7], np.float32), np.array([1, 1, 0.6, 0.45], np.float32)
    modes = ["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"]
    for mode in ["nearest", "linear", "cubic"]:
        for transform in modes:
            for name, scales in [("up", up), ("down", down)]:
                # With scales that give no whole extent, ONNX Runtime and ONNX disagree about align_corners.
                by_size = transform == "align_corners"
                amount = [None, ints(1, 2, *(scales[2:] * x.shape[2:]))] if by_size else [scales]
                record(f"resize_13_{mode}_{transform}_{name}", 13, "Resize", [x, None, *amount], mode=mode,
                       coordinate_transformation_mode=transform)
        record(f"resize_19_{mode}_half_pixel_symmetric", 19, "Resize", [x, None, np.array([1, 1, 1.3, 0.7], np.float32)],
               mode=mode, coordinate_transformation_mode="half_pixel_symmetric")
        record(f"resize_18_{mode}_sizes", 18, "Resize", [x, None, None, ints(7, 3)], mode=mode, axes=[2, 3])
    for nearest in ["floor", "ceil", "round_prefer_floor", "round_prefer_ceil"]:
        record(f"resize_13_{nearest}", 13, "Resize", [x, None, None, ints(1, 2, 6, 10)], mode="nearest",
               nearest_mode=nearest)
    record("resize_18_exclude_outside", 18, "Resize", [x, None, up], mode="cubic", exclude_outside=1, cubic_coeff_a=-0.5)
    record("resize_18_antialias_linear", 18, "Resize", [x, None, down], mode="linear", antialias=1)
    record("resize_18_antialias_cubic", 18, "Resize", [x, None, down], mode="cubic", antialias=1)
    for policy in ["not_larger", "not_smaller"]:
        record(f"resize_18_{policy}", 18, "Resize", [x, None, None, ints(9, 8)], mode="nearest", axes=[2, 3],
               keep_aspect_ratio_policy=policy)
    roi = np.array([0, 0, 0.2, -0.1, 1, 1, 0.8, 1.2], np.float32)
    record("resize_13_crop", 13, "Resize", [x, roi, None, ints(1, 2, 3, 6)], mode="linear",
           coordinate_transformation_mode="tf_crop_and_resize", extrapolation_value=9.0)
    record("resize_11_tf_half_pixel", 11, "Resize", [x, np.zeros(0, np.float32), up], mode="nearest", nearest_mode="floor",
           coordinate_transformation_mode="tf_half_pixel_for_nn")
    for mode in ["nearest", "linear"]:
        whole = np.array([1, 1, 3, 2], np.float32)
        record(f"resize_10_{mode}", 10, "Resize", [x, whole], mode=mode)
        record(f"upsample_9_{mode}", 9, "Upsample", [x, whole], mode=mode)


def sampling() -> None:
    x, grid = floats(1, 2, 4, 5), (floats(1, 3, 4, 2) * 0.8).astype(np.float32)
    for mode in ["linear", "nearest", "cubic"]:
        for padding in ["zeros", "border", "reflection"]:
            if (mode, padding) == ("cubic", "border"):
                continue  # ONNX Runtime clamps coordinates within the outermost elements, ONNX does not
            record(f"grid_sample_20_{mode}_{padding}", 20, "GridSample", [x, grid], mode=mode, padding_mode=padding)
    record("grid_sample_16", 16, "GridSample", [x, grid], mode="bicubic", align_corners=1)
    record("grid_sample_20_volume", 20, "GridSample", [floats(1, 2, 3, 3, 4), floats(1, 2, 2, 2, 3)], mode="linear")


def quantization() -> None:
    x, scale = floats(3, 4), np.array([0.05, 0.02, 0.1], np.float32)
    zero = np.array([3, -5, 0], np.int8)
    record("quantize_13_axis", 13, "QuantizeLinear", [x, scale, zero], axis=0)
    record("quantize_10", 10, "QuantizeLinear", [x, np.float32(0.03), np.uint8(128)])
    record("quantize_21_default", 21, "QuantizeLinear", [x + 2, np.float32(0.03)])
    q = np.arange(-6, 6, dtype=np.int8).reshape(3, 4)
    record("dequantize_19_axis", 19, "DequantizeLinear", [q, scale, zero], axis=0)
    record("dequantize_21", 21, "DequantizeLinear", [q, np.float32(0.5)])
    record("dequantize_13_int32", 13, "DequantizeLinear", [q.astype(np.int32), np.float32(0.25)])


def casts() -> None:
    x = np.array([-300.7, -1.5, -0.0, 0.5, 1.5, 2.5, 200.2, 70000.0], np.float32)
    record("cast_19_f16", 19, "Cast", [x], to=TensorProto.FLOAT16)
    record("cast_21_int", 21, "Cast", [x], to=TensorProto.INT32)
    record("cast_13_bool", 13, "Cast", [x], to=TensorProto.BOOL)
    record("equal_19", 19, "Equal", [ints(1, 2, 3), ints(1, 0, 3)])
    record("range_11", 11, "Range", [np.float32(1), np.float32(-2), np.float32(-0.75)])


def main() -> None:
    HERE.mkdir(exist_ok=True)
    for old in HERE.glob("*.onnx"):
        old.unlink()
    for family in [activations, normalizations, reductions, shapes, padding, pooling, convolutions, resizes, sampling,
                   quantization, casts]:
        family()


if __name__ == "__main__":
    main()
