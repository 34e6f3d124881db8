#include "mtmi/ops/checks.h"

#include <string>
#include <utility>

#include "mtmi/error.h"

namespace mtmi::ops {

void refuse(std::string_view got, std::string_view expected) {
  throw Error(ErrorCode::InvalidModel,
              "ops::infer",
              "got " + std::string(got) + ", expected " + std::string(expected));
}

void require_floating_point(DType got) {
  if (!is_floating_point(got)) {
    refuse(to_string(got), "a floating-point type");
  }
}

void require_numeric(DType got) {
  if (got == DType::Bool) {
    refuse(to_string(got), "a numeric type");
  }
}

void require_dtype(DType got, DType expected) {
  if (got != expected) {
    refuse(to_string(got), to_string(expected));
  }
}

void require_index_dtype(DType got, std::string_view role) {
  if (got != DType::Int32 && got != DType::Int64) {
    refuse(std::string(role) + " of " + std::string(to_string(got)), "s32 or s64");
  }
}

int normalized_axis(std::int64_t axis, int rank) {
  if (axis < -rank || axis >= rank) {
    refuse("axis " + std::to_string(axis),
           rank == 0 ? "none: the tensor is a scalar"
                     : "one from " + std::to_string(-rank) + " to " + std::to_string(rank - 1));
  }
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

std::vector<int> normalized_axes(std::span<const std::int64_t> axes, int rank) {
  std::vector<int> result;
  std::vector<bool> seen(static_cast<std::size_t>(rank), false);
  for (const std::int64_t axis : axes) {
    const int normalized = normalized_axis(axis, rank);
    if (seen[static_cast<std::size_t>(normalized)]) {
      refuse("axes " + list_of(axes), "every axis once");
    }
    seen[static_cast<std::size_t>(normalized)] = true;
    result.push_back(normalized);
  }
  return result;
}

Shape checked_shape(std::vector<std::int64_t> extents) {
  for (const std::int64_t extent : extents) {
    if (extent < 0) {
      refuse("extent " + std::to_string(extent), "0 or more");
    }
  }
  try {
    return Shape(std::move(extents));
  } catch (const Error& e) {
    throw Error(ErrorCode::InvalidModel, e.where(), e.what());
  }
}

std::string list_of(std::span<const std::int64_t> values) {
  std::string text = "[";
  for (const std::int64_t value : values) {
    text += (text.size() == 1 ? "" : ",") + std::to_string(value);
  }
  return text + "]";
}

}  // namespace mtmi::ops
