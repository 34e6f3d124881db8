// The attributes of a node: what is fixed about an operator besides its inputs.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "mtmi/error.h"
#include "mtmi/tensor.h"

namespace mtmi {

/// One attribute, of one of ONNX's kinds INT, FLOAT, STRING, INTS, FLOATS, STRINGS, TENSOR.
using Attribute = std::variant<std::int64_t,
                               float,
                               std::string,
                               std::vector<std::int64_t>,
                               std::vector<float>,
                               std::vector<std::string>,
                               Tensor>;

/// Attributes by name, under ONNX's names. A value: copyable and comparable (tensors bit by bit).
class Attributes {
 public:
  using Map = std::map<std::string, Attribute, std::less<>>;

  Attributes() = default;

  Attributes(std::initializer_list<Map::value_type> entries) : entries_(entries) {}

  [[nodiscard]] bool has(std::string_view name) const { return entries_.contains(name); }

  /// The attribute, or nullptr.
  [[nodiscard]] const Attribute* find(std::string_view name) const;

  void set(std::string name, Attribute value);
  void erase(std::string_view name);

  /// The attribute, or `fallback` where it is not set. Throws Error(InvalidModel) if it is of
  /// another kind.
  [[nodiscard]] std::int64_t get_int(std::string_view name, std::int64_t fallback) const;
  [[nodiscard]] float get_float(std::string_view name, float fallback) const;
  [[nodiscard]] std::string get_string(std::string_view name, std::string_view fallback) const;
  [[nodiscard]] std::vector<std::int64_t> get_ints(
      std::string_view name, const std::vector<std::int64_t>& fallback = {}) const;

  [[nodiscard]] const Map& entries() const noexcept { return entries_; }

  [[nodiscard]] bool operator==(const Attributes& other) const;

 private:
  Map entries_;
};

/// Whether both are of one kind and equal; tensors are compared bit by bit.
[[nodiscard]] bool equal(const Attribute& a, const Attribute& b);

}  // namespace mtmi
