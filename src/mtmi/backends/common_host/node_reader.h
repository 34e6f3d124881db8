// What steps read from lowered nodes, checked: an engine file may contradict itself.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "mtmi/graph/graph.h"

namespace mtmi::host {

/// Everything throws Error(InvalidModel) naming the node where it does not hold. Backends add what
/// their own operators have.
class NodeReader {
 public:
  /// `graph` must outlive it.
  NodeReader(const Graph& graph, NodeId id) : graph_(graph), id_(id) {}

  [[nodiscard]] const Node& node() const { return graph_.node(id_); }

  [[nodiscard]] const Attributes& attributes() const { return node().attributes; }

  void require(bool holds, std::string_view what) const;
  /// kNoValue where the node leaves the input out.
  [[nodiscard]] ValueId input(std::size_t index) const;
  /// The only one.
  [[nodiscard]] ValueId output() const;
  /// Refuses kNoValue, as shape() does.
  [[nodiscard]] DType dtype(ValueId id) const;
  [[nodiscard]] Shape shape(ValueId id) const;

  /// Refuses an input that is computed or left out.
  [[nodiscard]] const Tensor& constant(std::size_t index) const;

  /// The elements of a constant input; empty where it is left out.
  template <class T>
  [[nodiscard]] std::span<const T> constant(std::size_t index) const {
    if (input(index) == kNoValue) {
      return {};
    }
    const Tensor& tensor = constant(index);
    require(tensor.dtype() == dtype_of<T>, "a constant is of another type");
    return tensor.data<T>();
  }

  /// Entries of an attribute are at least 0 and below this, so that sums and products of two hold.
  static constexpr std::int64_t kMost = std::int64_t{1} << 31;

  /// Two entries.
  [[nodiscard]] std::array<std::int64_t, 2> pair(std::string_view attribute) const;

 private:
  const Graph& graph_;
  NodeId id_;
};

}  // namespace mtmi::host
