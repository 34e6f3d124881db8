#include "mtmi/passes/deconvolve_by_phases.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "mtmi/core/checked.h"
#include "mtmi/ops/conv.h"
#include "mtmi/passes/expansion.h"
#include "mtmi/passes/match.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "deconvolve_by_phases";

/// How much weights may grow: phases whose taps lie apart leave zeros in the common kernel.
constexpr double kMaxGrowth = 4.0;

/// One axis: tap k of phase p reads position j + offset(p, k) of the source for output s * j + p.
struct PhaseAxis {
  Window window;           ///< of ops/conv.h: `out` belongs to the source, `in` to the result
  std::int64_t first = 0;  ///< least offset, at most 0
  std::int64_t taps = 1;   ///< of the common kernel
  std::int64_t pad_end = 0;
  std::int64_t positions = 1;  ///< j

  /// Nothing where the phase does not meet the tap.
  [[nodiscard]] std::optional<std::int64_t> offset(std::int64_t phase, std::int64_t tap) const {
    const std::int64_t distance = phase + window.pad_begin - tap * window.dilation;
    return distance % window.stride == 0 ? std::optional(distance / window.stride) : std::nullopt;
  }
};

PhaseAxis phase_axis(const Window& window) {
  PhaseAxis axis{.window = window};
  std::int64_t last = 0;
  for (std::int64_t phase = 0; phase < window.stride; ++phase) {
    for (std::int64_t tap = 0; tap < window.kernel; ++tap) {
      if (const auto offset = axis.offset(phase, tap)) {
        axis.first = std::min(axis.first, *offset);
        last = std::max(last, *offset);
      }
    }
  }
  axis.taps = last - axis.first + 1;
  const std::int64_t needed = ceil_div(window.in, window.stride);
  axis.pad_end = std::max<std::int64_t>(needed - window.out + last, 0);
  axis.positions = window.out + axis.pad_end - last;
  return axis;
}

/// [groups * oc * phases, ic, taps, taps], phases innermost.
Tensor phase_weights(const Tensor& weights,
                     const ops::ConvTransposeGeometry& geometry,
                     const std::array<PhaseAxis, 2>& axes) {
  const auto& [rows, columns] = axes;
  const std::int64_t phases = rows.window.stride * columns.window.stride;
  Tensor result(
      DType::Float32,
      Shape{geometry.groups * geometry.oc * phases, geometry.ic, rows.taps, columns.taps});
  const auto to = result.data<float>();
  std::fill(to.begin(), to.end(), 0.0F);
  const auto from = weights.data<float>();
  std::size_t source = 0;
  for (std::int64_t i = 0; i < geometry.groups * geometry.ic; ++i) {
    for (std::int64_t o = 0; o < geometry.oc; ++o) {
      const std::int64_t oc = i / geometry.ic * geometry.oc + o;
      for (std::int64_t ky = 0; ky < rows.window.kernel; ++ky) {
        for (std::int64_t kx = 0; kx < columns.window.kernel; ++kx, ++source) {
          for (std::int64_t phase = 0; phase < phases; ++phase) {
            const auto y = rows.offset(phase / columns.window.stride, ky);
            const auto x = columns.offset(phase % columns.window.stride, kx);
            if (y && x) {
              const std::int64_t plane = (oc * phases + phase) * geometry.ic + i % geometry.ic;
              to[static_cast<std::size_t>((plane * rows.taps + *y - rows.first) * columns.taps +
                                          *x - columns.first)] = from[source];
            }
          }
        }
      }
    }
  }
  return result;
}

/// The bias of every channel for each of its phases.
Tensor phase_bias(const Tensor& bias, std::int64_t phases) {
  Tensor result(DType::Float32, Shape{bias.num_elements() * phases});
  auto to = result.data<float>().begin();
  for (const float b : bias.data<float>()) {
    to = std::fill_n(to, phases, b);
  }
  return result;
}

/// Bounds what phase_axis() looks at; beyond, most phases would be the bias alone.
bool may_have_phases(const Window& window) {
  constexpr std::int64_t kMaxKernel = 64;
  return window.kernel <= kMaxKernel && window.stride <= 4 * window.kernel;
}

/// Whether the convolution's weights stay of the size of the old ones.
bool is_worth_it(const Tensor& weights, const std::array<PhaseAxis, 2>& axes) {
  double growth = 1.0;
  for (const PhaseAxis& axis : axes) {
    growth *= static_cast<double>(axis.taps * axis.window.stride) /
              static_cast<double>(axis.window.kernel);
  }
  return weights.num_elements() > 0 && growth <= kMaxGrowth;
}

/// [n, c * phases, y, x] with the phases side by side: [n, c, y * s, x * s].
ValueId interleave(Expansion& expansion,
                   ValueId value,
                   std::int64_t n,
                   std::int64_t channels,
                   const std::array<PhaseAxis, 2>& axes) {
  const std::int64_t rows = axes[0].window.stride;
  const std::int64_t columns = axes[1].window.stride;
  if (rows == 1 && columns == 1) {
    return value;
  }
  const std::vector<std::int64_t> split{
      n, channels, rows, columns, axes[0].positions, axes[1].positions};
  const std::vector<std::int64_t> merged{
      n, channels, axes[0].positions * rows, axes[1].positions * columns};
  value = expansion.add("Reshape", {value, expansion.ints(split)});
  value =
      expansion.add("Transpose", {value}, {{"perm", std::vector<std::int64_t>{0, 1, 4, 2, 5, 3}}});
  return expansion.add("Reshape", {value, expansion.ints(merged)});
}

void write(Graph& graph,
           NodeId id,
           const ops::ConvTransposeGeometry& geometry,
           const std::array<PhaseAxis, 2>& axes) {
  const Node node = graph.node(id);
  const auto& [rows, columns] = axes;
  const std::int64_t phases = rows.window.stride * columns.window.stride;
  Expansion expansion(graph, id, kName);
  std::vector<ValueId> inputs{
      node.inputs[0],
      expansion.constant(phase_weights(*constant_of(graph, node.inputs[1]), geometry, axes))};
  if (const Tensor* bias = constant_of(graph, input_of(node, 2))) {
    inputs.push_back(expansion.constant(phase_bias(*bias, phases)));
  }
  Attributes attributes{
      {"kernel_shape", std::vector<std::int64_t>{rows.taps, columns.taps}},
      {"pads",
       std::vector<std::int64_t>{-rows.first, -columns.first, rows.pad_end, columns.pad_end}}};
  if (geometry.groups != 1) {
    attributes.set("group", geometry.groups);
  }
  ValueId value = expansion.add("Conv", std::move(inputs), std::move(attributes));
  value = interleave(expansion, value, geometry.n, geometry.groups * geometry.oc, axes);
  const bool fits = rows.positions * rows.window.stride == rows.window.in &&
                    columns.positions * columns.window.stride == columns.window.in;
  if (!fits) {
    value = expansion.add("Slice",
                          {value,
                           expansion.ints({0, 0}),
                           expansion.ints({rows.window.in, columns.window.in}),
                           expansion.ints({2, 3})});
  }
  expansion.finish(value);
}

void visit(Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const Tensor* weights = constant_of(graph, node.inputs[1]);
  const ValueId bias = input_of(node, 2);
  const Shape& src = shape_of(graph, node.inputs[0]);
  if (weights == nullptr || weights->dtype() != DType::Float32 || src.rank() != 4 ||
      src.num_elements() == 0 || (bias != kNoValue && !graph.is_constant(bias))) {
    return;
  }
  const ops::ConvTransposeGeometry geometry =
      ops::conv_transpose_geometry(node.attributes, src, weights->shape());
  if (!std::all_of(geometry.windows.begin(), geometry.windows.end(), may_have_phases)) {
    return;
  }
  const std::array<PhaseAxis, 2> axes{phase_axis(geometry.windows[0]),
                                      phase_axis(geometry.windows[1])};
  if (is_worth_it(*weights, axes)) {
    write(graph, id, geometry, axes);
  }
}

}  // namespace

Graph deconvolve_by_phases(Graph graph) {
  for_each_node(graph, "ConvTranspose", visit);
  return graph;
}

}  // namespace mtmi::passes
