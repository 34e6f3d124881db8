#include "mtmi/backends/common_int8/random_layer_for_tests.h"

#include <algorithm>
#include <string>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "mtmi/backends/common_int8/graph_writer_for_tests.h"
#include "mtmi/backends/common_int8/random_network_for_tests.h"

namespace mtmi::int8 {
namespace {

/// Attributes of a window over rows and columns that fits into a map of these extents.
std::string window(
    GraphWriter& w, const Extents& map, std::int64_t most, Extents& kernel, bool dilates) {
  Extents pads;
  Extents strides;
  Extents dilations;
  for (std::size_t axis = 2; axis < 4; ++axis) {
    kernel.push_back(w.from(1, std::min(most, map[axis])));
    const std::int64_t room = (map[axis] - 1) / std::max<std::int64_t>(kernel.back() - 1, 1);
    dilations.push_back(dilates && kernel.back() > 1 ? w.from(1, std::max<std::int64_t>(room, 1))
                                                     : 1);
    strides.push_back(w.from(1, 3));
    pads.push_back(w.from(0, kernel.back() - 1));
  }
  pads.push_back(w.from(0, kernel[0] - 1));
  pads.push_back(w.from(0, kernel[1] - 1));
  return fmt::format("pads = [{}], strides = [{}], dilations = [{}]",
                     fmt::join(pads, ", "),
                     fmt::join(strides, ", "),
                     fmt::join(dilations, ", "));
}

/// %x and %a = Conv(%x, ...) with `groups` of `ic` and `oc` channels.
void convolution(GraphWriter& w, std::int64_t groups, std::int64_t ic, std::int64_t oc) {
  const Extents map{w.from(1, 2), groups * ic, w.from(1, 9), w.from(1, 9)};
  w.input("x", map);
  w.scale("x", 1.0);
  Extents kernel;
  const std::string attributes = window(w, map, 4, kernel, true);
  const std::int64_t depth = ic * kernel[0] * kernel[1];
  w.weights("w", {groups * oc, ic, kernel[0], kernel[1]}, depth);
  const bool bias = w.coin();
  if (bias) {
    w.numbers("b", {groups * oc}, -300.0F, 300.0F);
  }
  w.statement(fmt::format(
      "%a = Conv(%x, %w{}) {{{}, group = {}}}", bias ? ", %b" : "", attributes, groups));
  w.scale("a", 64.0 * std::sqrt(static_cast<double>(depth)));
  w.scale("y", 64.0 * std::sqrt(static_cast<double>(depth)));
}

void any_convolution(GraphWriter& w) {
  convolution(w, 1, w.any({1, 3, 16, 33, 64}), w.any({1, 5, 32, 40, 67}));
}

void normalization(GraphWriter& w,
                   std::int64_t channels,
                   const std::string& from,
                   const std::string& to) {
  w.numbers("gamma", {channels}, -2.0F, 2.0F);
  w.numbers("beta", {channels}, -9.0F, 9.0F);
  w.numbers("mean", {channels}, -9.0F, 9.0F);
  w.numbers("variance", {channels}, 0.5F, 4.0F);
  w.statement(
      fmt::format("%{} = BatchNormalization(%{}, %gamma, %beta, %mean, %variance)", to, from));
}

/// %x and %z of one shape, scales equal or not.
Extents two_inputs(GraphWriter& w) {
  Extents map = w.map();
  w.input("x", map);
  w.input("z", map);
  w.scale("x", 1.0);
  w.scale("z", w.coin() ? 1.0 : 4.0);
  w.scale("y", 2.0);
  return map;
}

Extents one_input(GraphWriter& w) {
  Extents map = w.map();
  w.input("x", map);
  w.scale("x", 1.0);
  w.scale("y", w.coin() ? 1.0 : 2.0);
  return map;
}

std::string convolution_layer(GraphWriter& w, std::string_view kind) {
  if (kind == "Depthwise") {
    convolution(w, w.any({2, 32, 40, 64}), 1, 1);
  } else if (kind == "Grouped") {
    convolution(w, w.any({2, 3}), w.any({2, 16, 32}), w.any({3, 16, 32}));
  } else {
    any_convolution(w);
  }
  const std::string end = kind == "ConvRelu"    ? "%y = Relu(%a)"
                          : kind == "ConvLeaky" ? "%y = LeakyRelu(%a) {alpha = 0.25}"
                          : kind == "ConvClip"  ? "%y = Clip(%a, %zero, %most)"
                                                : "%y = Sigmoid(%a)";
  w.statement("const %zero: f32[] = [0.0]");
  w.statement("const %most: f32[] = [100.5]");
  const bool bare =
      kind == "Conv" || kind == "Depthwise" || kind == "Grouped" || kind == "ConvHalf";
  if (!bare) {
    w.statement(end);
  }
  return bare ? "%a" : "%y";
}

void deconvolution(GraphWriter& w) {
  const Extents map{1, w.any({1, 16, 33}), w.from(1, 6), w.from(1, 6)};
  w.input("x", map);
  w.scale("x", 1.0);
  const Extents kernel{w.from(1, 4), w.from(1, 4)};
  const std::int64_t oc = w.any({1, 5, 32, 40});
  w.weights("w", {map[1], oc, kernel[0], kernel[1]}, kernel[0] * kernel[1]);
  w.numbers("b", {oc}, -300.0F, 300.0F);
  w.statement(fmt::format(
      "%a = ConvTranspose(%x, %w, %b) {{strides = [{}, {}]}}", w.from(1, 3), w.from(1, 3)));
  w.scale("a", 64.0 * std::sqrt(static_cast<double>(map[1])));
  w.scale("y", 64.0 * std::sqrt(static_cast<double>(map[1])));
}

std::string matrix(GraphWriter& w, bool gemm) {
  const std::int64_t k = w.any({1, 7, 64, 100});
  const std::int64_t n = w.any({1, 10, 33});
  w.input("x", {w.from(1, 3), k});
  w.scale("x", 1.0);
  w.scale("y", 64.0 * std::sqrt(static_cast<double>(k)));
  const bool transposed = gemm && w.coin();
  w.weights("w", transposed ? Extents{n, k} : Extents{k, n}, k);
  w.numbers("b", {n}, -300.0F, 300.0F);
  w.statement(gemm ? fmt::format("%y = Gemm(%x, %w, %b) {{transB = {}, alpha = 0.5, beta = 2.0}}",
                                 transposed ? 1 : 0)
                   : "%y = MatMul(%x, %w)");
  return "%y";
}

std::string constants(GraphWriter& w) {
  const Extents map = one_input(w);
  const std::vector<Extents> shapes{{}, {map[1], 1, 1}, {map[1], map[2], map[3]}, {1, 1, 1, 1}};
  w.numbers("c", shapes[static_cast<std::size_t>(w.from(0, 3))], 0.5F, 20.0F);
  const std::vector<std::string> forms{"Add(%x, %c)",
                                       "Add(%c, %x)",
                                       "Sub(%x, %c)",
                                       "Sub(%c, %x)",
                                       "Mul(%x, %c)",
                                       "Div(%x, %c)",
                                       "Max(%x, %c)",
                                       "Min(%c, %x)",
                                       "Sum(%x, %x, %c)"};
  w.statement("%y = " + forms[static_cast<std::size_t>(w.from(0, 8))]);
  return "%y";
}

std::string pooling(GraphWriter& w, bool averages) {
  const Extents map = one_input(w);
  Extents kernel;
  std::string attributes = window(w, map, 8, kernel, false);
  attributes += fmt::format(
      ", kernel_shape = [{}], ceil_mode = {}", fmt::join(kernel, ", "), w.coin() ? 1 : 0);
  if (averages) {
    attributes += fmt::format(", count_include_pad = {}", w.coin() ? 1 : 0);
  }
  w.statement(fmt::format("%y = {}(%x) {{{}}}", averages ? "AveragePool" : "MaxPool", attributes));
  return "%y";
}

std::string resize(GraphWriter& w, bool linear) {
  one_input(w);
  const std::int64_t most = linear ? 4 : 6;
  w.statement(fmt::format("const %s: f32[4] = [1, 1, {}, {}]", w.from(1, most), w.from(1, most)));
  const bool asymmetric = !linear && w.coin();
  w.statement(fmt::format("%y = Resize(%x, _, %s) {{mode = \"{}\"{}}}",
                          linear ? "linear" : "nearest",
                          asymmetric ? ", coordinate_transformation_mode = \"asymmetric\", "
                                       "nearest_mode = \"floor\""
                                     : ""));
  return "%y";
}

std::string concat(GraphWriter& w) {
  const Extents map = w.map();
  const std::int64_t parts = w.from(2, 4);
  std::string list;
  for (std::int64_t i = 0; i < parts; ++i) {
    const std::string name = fmt::format("x{}", i);
    w.input(name, {map[0], w.any({1, 5, 32, 33, 64}), map[2], map[3]});
    w.scale(name, w.coin() ? 1.0 : 2.0);
    list += (i == 0 ? "%" : ", %") + name;
  }
  w.scale("y", 2.0);
  w.statement("%y = Concat(" + list + ") {axis = 1}");
  return "%y";
}

std::string slice_and_split(GraphWriter& w) {
  const Extents map{w.from(1, 2), w.any({2, 6, 34, 64}), 2 * w.from(1, 4), 2 * w.from(1, 4)};
  w.input("x", map);
  w.scale("x", 1.0);
  w.scale("y", 2.0);
  w.scale("a", 1.0);
  w.scale("b", 4.0);
  const std::int64_t axis = w.from(1, 3);
  w.statement(fmt::format("%a, %b = Split(%x) {{axis = {}, num_outputs = 2}}", axis));
  const std::int64_t half = map[static_cast<std::size_t>(axis)] / 2;
  const std::int64_t start = w.from(0, half - 1);
  w.statement(fmt::format("const %from: s64[1] = [{}]", start));
  w.statement(fmt::format("const %to: s64[1] = [{}]", w.from(start + 1, half)));
  w.statement(fmt::format("const %axes: s64[1] = [{}]", axis));
  w.statement("%y = Slice(%a, %from, %to, %axes)");
  return "%y\n output %b";
}

std::string shuffle(GraphWriter& w) {
  const Extents map = one_input(w);
  w.scale("a", 1.0);
  const std::vector<std::string> orders{"0, 2, 3, 1", "0, 3, 1, 2", "0, 1, 3, 2", "0, 3, 2, 1"};
  w.statement(fmt::format("%a = Transpose(%x) {{perm = [{}]}}",
                          orders[static_cast<std::size_t>(w.from(0, 3))]));
  w.statement(
      fmt::format("const %shape: s64[4] = [{}, {}, {}, {}]", map[0], map[2] * map[3], map[1], 1));
  w.statement("%y = Reshape(%a, %shape)");
  return "%y";
}

std::string functions(GraphWriter& w) {
  one_input(w);
  for (const char* name : {"a", "b", "c", "d"}) {
    w.scale(name, 1.0 / 64.0);
  }
  w.scale("x", 1.0 / 32.0);
  w.statement(
      "%a = Sigmoid(%x)\n %b = Tanh(%a)\n %c = Sin(%b)\n %d = Mul(%c, %a)\n"
      " %y = Sigmoid(%d)");
  if (w.coin()) {
    return "%y";
  }
  return "%y\n output %b";
}

std::string maximum(GraphWriter& w) {
  one_input(w);
  const std::vector<std::string> axes{
      "[2] = [2, 3]", "[1] = [1]", "[3] = [1, 2, 3]", "[1] = [3]", "[2] = [1, 2]"};
  w.statement("const %axes: s64" + axes[static_cast<std::size_t>(w.from(0, 4))]);
  w.statement(w.coin() ? "%y = GlobalMaxPool(%x)" : "%y = ReduceMax(%x, %axes)");
  return "%y";
}

std::string comparison(GraphWriter& w) {
  two_inputs(w);
  const std::vector<std::string> forms{"Equal(%x, %z)", "Greater(%x, %z)", "Less(%z, %x)"};
  w.statement("%a = " + forms[static_cast<std::size_t>(w.from(0, 2))]);
  w.statement("%b = Cast(%a) {to = 1}");
  w.statement("%c = Cast(%a) {to = 1}");
  w.scale("b", 1.0 / 127.0);
  w.scale("c", 1.0 / 64.0);
  w.scale("y", 1.0 / 32.0);
  w.statement("%y = Add(%b, %c)");
  return "%y";
}

std::string sum(GraphWriter& w, std::string_view kind) {
  if (kind == "AddBroadcast") {
    const Extents map = one_input(w);
    w.input("z", {map[0], w.coin() ? map[1] : 1, 1, 1});
    w.scale("z", 2.0);
    const std::vector<std::string> forms{"Add(%x, %z)", "Mul(%z, %x)", "Sub(%z, %x)"};
    w.statement("%y = " + forms[static_cast<std::size_t>(w.from(0, 2))]);
    return "%y";
  }
  const Extents map = two_inputs(w);
  if (kind == "AddNormalized") {
    w.statement("%a = Add(%x, %z)");
    normalization(w, map[1], "a", "n");
    w.statement("%y = Relu(%n)");
  } else if (kind == "Add") {
    w.statement(w.coin() ? "%y = Add(%x, %z)" : "%y = Sum(%x, %z, %x)");
  } else if (kind == "Sub") {
    w.statement("%a = Sub(%x, %z)");
    w.statement(w.coin() ? "%y = LeakyRelu(%a) {alpha = 0.5}" : "%y = Tanh(%a)");
  } else if (kind == "Mul") {
    w.scale("y", 64.0);
    w.statement("%y = Mul(%x, %z)");
  } else {
    w.statement(w.coin() ? "%y = Max(%x, %z)" : "%y = Min(%x, %z)");
  }
  return "%y";
}

std::string unary(GraphWriter& w, std::string_view kind) {
  const Extents map = one_input(w);
  if (kind == "PRelu") {
    const std::vector<Extents> shapes{{1}, {map[1], 1, 1}, {map[1], map[2], map[3]}, {map[3]}};
    w.numbers("slope", shapes[static_cast<std::size_t>(w.from(0, 3))], -1.0F, 2.0F);
    w.statement("%y = PRelu(%x, %slope)");
  } else if (kind == "Clip") {
    w.statement("const %zero: f32[] = [0.0]\n const %most: f32[] = [50.5]");
    w.statement("%y = Clip(%x, %zero, %most)");
  } else if (kind == "Normalization") {
    normalization(w, map[1], "x", "y");
  } else if (kind == "Softmax") {
    w.scale("x", 1.0 / 32.0);
    w.scale("y", 1.0 / 127.0);
    w.statement(fmt::format("%y = Softmax(%x) {{axis = {}}}", w.from(1, 3)));
  } else {
    w.statement(fmt::format("%y = {}(%x)", kind));
  }
  return "%y";
}

std::string write(GraphWriter& w, std::string_view kind) {
  if (kind == "Network") {
    return write_network(w);
  }
  if (kind == "ConvTranspose" || kind == "DeconvRelu") {
    deconvolution(w);
    if (kind == "DeconvRelu") {
      w.statement("%y = Relu(%a)");
    }
    return kind == "DeconvRelu" ? "%y" : "%a";
  }
  if (kind == "ConvNormalized") {
    convolution(w, 1, w.any({1, 16, 33}), 8);
    normalization(w, 8, "a", "n");
    w.statement("%y = Relu(%n)");
    return "%y";
  }
  if (kind.starts_with("Conv") || kind == "Depthwise" || kind == "Grouped") {
    return convolution_layer(w, kind);
  }
  if (kind == "Gemm" || kind == "MatMul") {
    return matrix(w, kind == "Gemm");
  }
  if (kind.starts_with("Add") || kind == "Sub" || kind == "Mul" || kind == "MaxMin") {
    return sum(w, kind);
  }
  return kind == "Constants"     ? constants(w)
         : kind == "MaxPool"     ? pooling(w, false)
         : kind == "AveragePool" ? pooling(w, true)
         : kind == "Linear"      ? resize(w, true)
         : kind == "Nearest"     ? resize(w, false)
         : kind == "Concat"      ? concat(w)
         : kind == "SliceSplit"  ? slice_and_split(w)
         : kind == "Shuffle"     ? shuffle(w)
         : kind == "Functions"   ? functions(w)
         : kind == "Maximum"     ? maximum(w)
         : kind == "Comparison"  ? comparison(w)
                                 : unary(w, kind);
}

}  // namespace

RandomLayer random_layer(std::string_view kind, std::uint64_t seed) {
  GraphWriter writer(seed);
  RandomLayer layer = writer.finish(write(writer, kind));
  // Now and then the result leaves as a half.
  if (kind == "ConvHalf" || seed % 5 == 4) {
    for (const ValueId output : layer.graph.outputs()) {
      layer.options.scales.erase(layer.graph.value(output).name);
    }
  }
  return layer;
}

}  // namespace mtmi::int8
