#include "mtmi/graph/text_tensor.h"

#include <algorithm>
#include <utility>

#include "mtmi/core/random_tensor.h"
#include "mtmi/error.h"
#include "mtmi/graph/text_literal.h"

namespace mtmi::text {
namespace {

void set_element(const Cursor& cursor,
                 std::size_t position,
                 std::string_view word,
                 Tensor& tensor,
                 std::int64_t i) {
  if (!parse_element(word, tensor, i)) {
    cursor.fail_at(position,
                   "element " + std::to_string(i) + ": got '" + std::string(word) +
                       "', expected a number of type " + std::string(to_string(tensor.dtype())));
  }
}

Tensor parse_splat(Cursor& cursor, const TensorType& type) {
  cursor.expect('(');
  const std::size_t start = cursor.position();
  Tensor one(type.dtype, Shape{});
  set_element(cursor, start, cursor.expect_word("a number"), one, 0);
  cursor.expect(')');
  Tensor tensor(type.dtype, type.shape);
  const auto source = one.bytes();
  const auto target = tensor.bytes();
  for (std::size_t i = 0; i < target.size(); i += source.size()) {
    std::copy(source.begin(), source.end(), target.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return tensor;
}

Tensor parse_random(Cursor& cursor, const TensorType& type) {
  cursor.expect('(');
  const auto seed = static_cast<std::uint64_t>(cursor.expect_int());
  float low = -1.0F;
  float high = 1.0F;
  if (cursor.accept(',')) {
    const std::size_t start = cursor.position();
    low = cursor.expect_float();
    cursor.expect(',');
    high = cursor.expect_float();
    constexpr float kLargest = 1e9F;  // any integer type, and no overflow of high - low
    if (!(-kLargest <= low && low <= high && high <= kLargest)) {
      cursor.fail_at(start, "expected -1e9 <= low <= high <= 1e9");
    }
  }
  cursor.expect(')');
  return random_tensor(type.dtype, type.shape, seed, low, high);
}

}  // namespace

DType parse_dtype_word(Cursor& cursor) {
  const std::size_t start = cursor.position();
  const auto dtype = parse_dtype(cursor.expect_word("an element type"));
  if (!dtype) {
    cursor.fail_at(start, "expected one of f32, f16, bf16, f64, s8, u8, s32, s64, bool");
  }
  return *dtype;
}

/// What stands behind the '[' of a shape, ']' included.
std::vector<std::string> parse_dims(Cursor& cursor) {
  std::vector<std::string> dims;
  while (!cursor.accept(']')) {
    if (cursor.accept('?')) {
      dims.emplace_back("?");
    } else {
      dims.push_back(cursor.expect_name("an extent"));
    }
    if (!cursor.at(']')) {
      cursor.expect(',');
    }
  }
  return dims;
}

/// Nothing where a dimension is a symbol.
std::optional<Shape> static_shape(const Cursor& cursor, const std::vector<std::string>& dims) {
  std::vector<std::int64_t> extents;
  for (const std::string& dim : dims) {
    const auto extent = text::parse_int(dim);
    if (!extent) {
      return std::nullopt;
    }
    extents.push_back(*extent);
  }
  try {
    return Shape(std::move(extents));
  } catch (const Error& e) {
    cursor.fail_at(cursor.position(), e.what());
  }
}

TensorType parse_type(Cursor& cursor) {
  const DType dtype = parse_dtype_word(cursor);
  const std::size_t start = cursor.position();
  cursor.expect('[');
  std::optional<Shape> shape = static_shape(cursor, parse_dims(cursor));
  if (!shape) {
    cursor.fail_at(start, "expected a shape of numbers only");
  }
  return {dtype, std::move(*shape)};
}

Tensor parse_elements(Cursor& cursor, const TensorType& type) {
  if (cursor.accept_word("splat")) {
    return parse_splat(cursor, type);
  }
  if (cursor.accept_word("random")) {
    return parse_random(cursor, type);
  }
  if (cursor.peek_word() == "...") {
    cursor.fail("the elements were left out when this was printed; print constants in full");
  }
  const std::size_t start = cursor.position();
  std::vector<std::string_view> words;
  cursor.expect('[');
  while (!cursor.accept(']')) {
    words.push_back(cursor.expect_word("a number or ']'"));
    if (!cursor.at(']')) {
      cursor.expect(',');
    }
  }
  if (static_cast<std::int64_t>(words.size()) != type.shape.num_elements()) {
    cursor.fail_at(start,
                   "got " + std::to_string(words.size()) + " elements, expected " +
                       std::to_string(type.shape.num_elements()) + " for " + to_string(type));
  }
  Tensor tensor(type.dtype, type.shape);
  for (std::size_t i = 0; i < words.size(); ++i) {
    set_element(cursor, start, words[i], tensor, static_cast<std::int64_t>(i));
  }
  return tensor;
}

}  // namespace mtmi::text
