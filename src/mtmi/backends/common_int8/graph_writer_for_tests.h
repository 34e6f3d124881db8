// Writes random graphs, with what is hard about INT8: extremes and exact ties.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "mtmi/backends/common_int8/random_layer_for_tests.h"
#include "mtmi/core/random.h"

namespace mtmi::int8 {

using Extents = std::vector<std::int64_t>;

/// Writes the text of a graph, statement by statement. Every other seed has weights, scales and
/// multipliers that make exact ties: whole numbers and powers of two.
class GraphWriter {
 public:
  explicit GraphWriter(std::uint64_t seed) : random_(seed * 7919 + 1), ties_(seed % 2 == 0) {}

  [[nodiscard]] std::int64_t any(std::initializer_list<std::int64_t> of) {
    return of.begin()[random_.below(of.size())];
  }

  /// One of [low, high].
  [[nodiscard]] std::int64_t from(std::int64_t low, std::int64_t high);

  [[nodiscard]] bool coin() { return random_.below(2) == 0; }

  /// The extents [n, c, h, w] of a small map.
  [[nodiscard]] Extents map();

  void input(const std::string& name, const Extents& shape);

  /// Constant weights in rows of `row` elements: the largest of each row is 127 steps.
  void weights(const std::string& name, const Extents& shape, std::int64_t row);

  /// Constant numbers of [low, high].
  void numbers(const std::string& name, const Extents& shape, float low, float high);

  void statement(const std::string& text) { body_ += " " + text + "\n"; }

  /// A scale for `name`, about `size`.
  void scale(const std::string& name, double size);

  /// The graph of all statements, with random inputs.
  [[nodiscard]] RandomLayer finish(const std::string& outputs);

 private:
  void constant(const std::string& name, const Extents& shape, const std::vector<float>& values);
  /// All of INT8, its ends more often than the rest.
  [[nodiscard]] Tensor numbers_of(const Shape& shape);

  Random random_;
  bool ties_;
  std::string body_;
  std::vector<std::string> inputs_;
  std::vector<Extents> shapes_;
  std::map<std::string, float> scales_;
};

}  // namespace mtmi::int8
