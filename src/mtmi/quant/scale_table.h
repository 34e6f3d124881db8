// The scales of a graph's tensors, and how each was found: the one table that every format comes
// from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::quant {

/// How the range of a tensor is chosen from what it was seen to hold.
enum class Method { Entropy, MinMax, Percentile, Mse };

/// Where a scale comes from.
enum class ScaleSource {
  Calibrated,  ///< found by the table's method
  Dead,        ///< nothing but zeros was seen: amax 1
  Aligned,     ///< found, then widened to that of a group which must share its range
  Imported,    ///< read from a file, and not to be changed
};

/// The largest magnitude of symmetric INT8: amax = kSteps * scale.
inline constexpr float kSteps = 127.0F;

/// The scale that stands for a range of +-amax, in one float32 division. Pre: amax > 0, finite.
[[nodiscard]] constexpr float scale_of(float amax) noexcept {
  return amax / kSteps;
}

/// The range that a scale stands for: scale_of() backwards, up to rounding; infinite where no float
/// holds it. Pre: scale >= 0.
[[nodiscard]] float range_of(float scale) noexcept;

/// Bins of TensorScale::histogram.
inline constexpr std::size_t kHistogramBins = 64;

/// The scale of one tensor: real = scale * q with q in [-128, 127].
struct TensorScale {
  float scale = 0;   ///< finite and > 0
  float amax = 0;    ///< the range it stands for, 127 * scale up to rounding
  float absmax = 0;  ///< the largest magnitude that was seen; 0: nothing was
  ScaleSource source = ScaleSource::Calibrated;
  std::string rule;  ///< of the group that widened it ("dla.range.concat"); empty for other sources
  /// Counts of magnitudes in kHistogramBins equal bins over [0, absmax]; empty: none were seen.
  std::vector<std::uint64_t> histogram;

  bool operator==(const TensorScale&) const = default;
};

/// Scales by the name of the value, and what they belong to. A plain value.
struct ScaleTable {
  std::string graph_hash;  ///< graph_hash() of the graph; empty: not known, e.g. imported
  Method method = Method::Entropy;
  std::uint64_t images = 0;  ///< how many were calibrated over; 0: none, all is imported
  std::map<std::string, TensorScale> tensors;

  bool operator==(const ScaleTable&) const = default;
};

/// "entropy", "minmax", "percentile", "mse".
[[nodiscard]] std::string_view to_string(Method method) noexcept;
/// Throws Error(InvalidArgument) naming the methods that there are.
[[nodiscard]] Method parse_method(std::string_view text);

/// "calibrated", "dead", "aligned", "imported".
[[nodiscard]] std::string_view to_string(ScaleSource source) noexcept;

/// name -> scale: what CompileOptions takes.
[[nodiscard]] std::map<std::string, float> scales_of(const ScaleTable& table);

/// What does not fit between a table and a graph.
struct Misfit {
  bool other_graph = false;  ///< the table says which graph it belongs to, and it is another
  std::vector<std::string> missing;  ///< activations of the graph without a scale, in its order
  std::vector<std::string> unknown;  ///< scales of tensors that the graph has not, sorted

  [[nodiscard]] explicit operator bool() const noexcept {
    return other_graph || !missing.empty() || !unknown.empty();
  }
};

/// Throws Error(InvalidModel) if the type of a value of `graph` is not known.
[[nodiscard]] Misfit find_misfit(const ScaleTable& table, const Graph& graph);

/// "'a', 'b', 'c', 'd' and 3 more", as messages name what is missing or unknown.
[[nodiscard]] std::string list_names(const std::vector<std::string>& names);

/// Throws Error(InvalidModel) naming what is missing, what is unknown, and that the table belongs
/// to another graph: a table must be of exactly the graph that is built.
void require_fit(const ScaleTable& table, const Graph& graph);

/// Why no tensor can have this scale: "a negative scale, -0.5"; empty if it can. Files are read
/// with it.
[[nodiscard]] std::string find_defect(float scale);

/// The table as text of JSON, docs/scales.md. The same table gives the same bytes.
/// Pre: every scale and range is finite. Throws Error(Unsupported) for a name that is no UTF-8.
[[nodiscard]] std::string to_json(const ScaleTable& table);

/// The table of such a text. Throws Error(InvalidModel) naming what is wrong: no JSON, a tensor
/// that stands there twice, a scale that is negative, zero or not finite, a range that contradicts
/// its scale, an unknown method, source or format.
[[nodiscard]] ScaleTable parse_scales_json(std::string_view text);

}  // namespace mtmi::quant
