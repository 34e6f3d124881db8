#include "mtmi/graph/text_attributes.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "mtmi/graph/text_tensor.h"

namespace mtmi::text {
namespace {

bool is_float_ahead(const Cursor& cursor) {
  return cursor.peek_word().find_first_of(".eEnx") != std::string_view::npos;
}

Attribute expect_empty_list(Cursor& cursor, Attribute empty) {
  cursor.expect('[');
  cursor.expect(']');
  return empty;
}

template <class T, class F>
Attribute parse_list_of(Cursor& cursor, F parse_one) {
  std::vector<T> values;
  while (!cursor.accept(']')) {
    values.push_back(parse_one());
    if (!cursor.at(']')) {
      cursor.expect(',');
    }
  }
  return values;
}

Attribute parse_list(Cursor& cursor) {
  cursor.expect('[');
  if (cursor.at('"')) {
    return parse_list_of<std::string>(cursor, [&cursor] { return cursor.expect_string(); });
  }
  if (is_float_ahead(cursor)) {
    return parse_list_of<float>(cursor, [&cursor] { return cursor.expect_float(); });
  }
  return parse_list_of<std::int64_t>(cursor, [&cursor] { return cursor.expect_int(); });
}

Attribute parse_attribute(Cursor& cursor) {
  if (cursor.at('"')) {
    return cursor.expect_string();
  }
  if (cursor.at('[')) {
    return parse_list(cursor);
  }
  if (cursor.accept_word("tensor")) {
    const TensorType type = parse_type(cursor);
    return parse_elements(cursor, type);
  }
  if (cursor.accept_word("ints")) {
    return expect_empty_list(cursor, std::vector<std::int64_t>());
  }
  if (cursor.accept_word("floats")) {
    return expect_empty_list(cursor, std::vector<float>());
  }
  if (cursor.accept_word("strings")) {
    return expect_empty_list(cursor, std::vector<std::string>());
  }
  if (is_float_ahead(cursor)) {
    return cursor.expect_float();
  }
  return cursor.expect_int();
}

}  // namespace

Attributes parse_attributes(Cursor& cursor) {
  Attributes attributes;
  while (!cursor.accept('}')) {
    const std::size_t start = cursor.position();
    std::string name = cursor.expect_name("the name of an attribute");
    if (attributes.has(name)) {
      cursor.fail_at(start, "attribute '" + name + "' is set a second time");
    }
    cursor.expect('=');
    attributes.set(std::move(name), parse_attribute(cursor));
    if (!cursor.at('}')) {
      cursor.expect(',');
    }
  }
  return attributes;
}

}  // namespace mtmi::text
