#include "mtmi/graph/attributes.h"

#include <algorithm>
#include <utility>

namespace mtmi {
namespace {

template <class T>
const T* find_as(const Attributes& attributes, std::string_view name, const char* kind) {
  const Attribute* attribute = attributes.find(name);
  if (attribute == nullptr) {
    return nullptr;
  }
  const T* value = std::get_if<T>(attribute);
  if (value == nullptr) {
    throw Error(ErrorCode::InvalidModel,
                "graph::Attributes",
                "attribute '" + std::string(name) + "' is not of the kind " + kind);
  }
  return value;
}

}  // namespace

const Attribute* Attributes::find(std::string_view name) const {
  const auto it = entries_.find(name);
  return it == entries_.end() ? nullptr : &it->second;
}

void Attributes::set(std::string name, Attribute value) {
  entries_.insert_or_assign(std::move(name), std::move(value));
}

void Attributes::erase(std::string_view name) {
  const auto it = entries_.find(name);
  if (it != entries_.end()) {
    entries_.erase(it);
  }
}

std::int64_t Attributes::get_int(std::string_view name, std::int64_t fallback) const {
  const auto* value = find_as<std::int64_t>(*this, name, "INT");
  return value != nullptr ? *value : fallback;
}

float Attributes::get_float(std::string_view name, float fallback) const {
  const auto* value = find_as<float>(*this, name, "FLOAT");
  return value != nullptr ? *value : fallback;
}

std::string Attributes::get_string(std::string_view name, std::string_view fallback) const {
  const auto* value = find_as<std::string>(*this, name, "STRING");
  return value != nullptr ? *value : std::string(fallback);
}

std::vector<std::int64_t> Attributes::get_ints(std::string_view name,
                                               const std::vector<std::int64_t>& fallback) const {
  const auto* value = find_as<std::vector<std::int64_t>>(*this, name, "INTS");
  return value != nullptr ? *value : fallback;
}

bool Attributes::operator==(const Attributes& other) const {
  return std::equal(
      entries_.begin(),
      entries_.end(),
      other.entries_.begin(),
      other.entries_.end(),
      [](const auto& a, const auto& b) { return a.first == b.first && equal(a.second, b.second); });
}

bool equal(const Attribute& a, const Attribute& b) {
  if (a.index() != b.index()) {
    return false;
  }
  return std::visit(
      [&b]<class T>(const T& value) {
        if constexpr (std::is_same_v<T, Tensor>) {
          return bitwise_equal(value, std::get<T>(b));
        } else {
          return value == std::get<T>(b);
        }
      },
      a);
}

}  // namespace mtmi
