#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>
#include <vector>

#include "mtmi/core/random_tensor.h"
#include "mtmi/error.h"
#include "mtmi/graph/text.h"
#include "mtmi/graph/text_literal.h"

namespace mtmi {
namespace {

/// Reads words and marks off a text and knows where it stands.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) { skip_space(); }

  [[nodiscard]] bool at_end() const { return position_ == text_.size(); }

  [[nodiscard]] std::size_t position() const { return position_; }

  [[nodiscard]] bool at(char mark) const { return !at_end() && text_[position_] == mark; }

  bool accept(char mark) {
    if (!at(mark)) {
      return false;
    }
    ++position_;
    skip_space();
    return true;
  }

  void expect(char mark) {
    if (!accept(mark)) {
      fail(std::string("expected '") + mark + "'");
    }
  }

  /// The word ahead; empty where there is none.
  [[nodiscard]] std::string_view peek_word() const {
    std::size_t end = position_;
    while (end < text_.size() && text::is_word_character(text_[end])) {
      ++end;
    }
    return text_.substr(position_, end - position_);
  }

  bool accept_word(std::string_view word) {
    if (peek_word() != word) {
      return false;
    }
    position_ += word.size();
    skip_space();
    return true;
  }

  std::string_view expect_word(const char* what) {
    const std::string_view word = peek_word();
    if (word.empty()) {
      fail(std::string("expected ") + what);
    }
    position_ += word.size();
    skip_space();
    return word;
  }

  std::string expect_string() {
    const std::size_t start = position_;
    if (!at('"')) {
      fail("expected a string in double quotes");
    }
    std::string result;
    for (++position_; !at('"'); ++position_) {
      if (at_end() || at('\n')) {
        fail_at(start, "the string is not closed");
      }
      result += at('\\') ? escaped_character() : text_[position_];
    }
    ++position_;
    skip_space();
    return result;
  }

  std::string expect_name(const char* what) {
    return at('"') ? expect_string() : std::string(expect_word(what));
  }

  std::int64_t expect_int() {
    const std::size_t start = position_;
    const auto value = text::parse_int(expect_word("an integer"));
    if (!value) {
      fail_at(start, "expected an integer of 64 bits");
    }
    return *value;
  }

  float expect_float() {
    const std::size_t start = position_;
    const auto value = text::parse_float(expect_word("a number"));
    if (!value) {
      fail_at(start, "expected a number");
    }
    return *value;
  }

  /// "line L, column C: got 'x', expected y", with what stands at the cursor.
  [[noreturn]] void fail(const std::string& expected) const {
    std::string got = "the end of the text";
    if (!at_end()) {
      const std::string_view word = peek_word();
      got = text::quoted(word.empty() ? text_.substr(position_, 1) : word.substr(0, 40));
    }
    fail_at(position_, "got " + got + ", " + expected);
  }

  [[noreturn]] void fail_at(std::size_t position, const std::string& message) const {
    const std::string_view before = text_.substr(0, position);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t line_start =
        before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    throw Error(ErrorCode::InvalidModel,
                "graph::parse_text",
                "line " + std::to_string(line) + ", column " +
                    std::to_string(position - line_start + 1) + ": " + message);
  }

 private:
  void skip_space() {
    while (!at_end()) {
      const char c = text_[position_];
      if (c == '#') {
        position_ = std::min(text_.find('\n', position_), text_.size());
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        ++position_;
      } else {
        return;
      }
    }
  }

  /// The character that the escape under the cursor stands for; the cursor is left on its last.
  char escaped_character() {
    const std::size_t start = position_;
    const std::string_view escape = text_.substr(position_, 4);
    const char kind = escape.size() > 1 ? escape[1] : '\0';
    ++position_;
    if (kind == '"' || kind == '\\') {
      return kind;
    }
    if (kind == 'n') {
      return '\n';
    }
    const auto hex = [](char c) {
      return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    if (kind != 'x' || escape.size() < 4 || hex(escape[2]) < 0 || hex(escape[3]) < 0) {
      fail_at(start, R"(expected \", \\, \n or \xHH)");
    }
    position_ += 2;
    return static_cast<char>(hex(escape[2]) * 16 + hex(escape[3]));
  }

  std::string_view text_;
  std::size_t position_ = 0;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : cursor_(text) {}

  Graph parse() {
    if (!cursor_.accept_word("graph")) {
      cursor_.fail("expected 'graph'");
    }
    if (cursor_.at('"')) {
      graph_.name = cursor_.expect_string();
    }
    cursor_.expect('{');
    while (!cursor_.accept('}')) {
      parse_statement();
    }
    if (!cursor_.at_end()) {
      cursor_.fail("expected nothing more");
    }
    check_definitions();
    graph_.sort();
    for (const ValueId id : outputs_) {
      graph_.add_output(id);
    }
    return std::move(graph_);
  }

 private:
  struct Reference {
    std::size_t position = 0;  ///< of the first mention
    bool defined = false;
  };

  void parse_statement() {
    if (cursor_.accept_word("input")) {
      parse_input();
    } else if (cursor_.accept_word("const")) {
      parse_constant();
    } else if (cursor_.accept_word("output")) {
      outputs_.push_back(parse_value());
    } else {
      parse_node();
    }
  }

  void parse_input() {
    const std::string name = parse_new_name();
    cursor_.expect(':');
    const DType dtype = parse_dtype_word();
    cursor_.expect('[');
    if (cursor_.accept('*')) {
      cursor_.expect(']');
      graph_.add_dynamic_input(name, dtype, {});
      return;
    }
    std::vector<std::string> dims = parse_dims();
    if (std::optional<Shape> shape = static_shape(dims)) {
      graph_.add_input(name, {dtype, std::move(*shape)});
    } else {
      graph_.add_dynamic_input(name, dtype, std::move(dims));
    }
  }

  void parse_constant() {
    const std::string name = parse_new_name();
    cursor_.expect(':');
    const TensorType type = parse_type();
    cursor_.expect('=');
    graph_.add_constant(name, parse_elements(type));
  }

  void parse_node() {
    Node node;
    if (cursor_.at('%') || cursor_.peek_word() == "_") {
      do {
        node.outputs.push_back(parse_result());
      } while (cursor_.accept(','));
      cursor_.expect('=');
    }
    node.op = cursor_.expect_name("'input', 'const', 'output', '%name' or an operator");
    cursor_.expect('(');
    while (!cursor_.accept(')')) {
      node.inputs.push_back(parse_value());
      if (!cursor_.at(')')) {
        cursor_.expect(',');
      }
    }
    if (cursor_.accept('{')) {
      node.attributes = parse_attributes();
    }
    if (cursor_.at('"')) {
      node.name = cursor_.expect_string();
    }
    graph_.add_node(std::move(node));
  }

  ValueId parse_result() {
    if (cursor_.accept_word("_")) {
      return kNoValue;
    }
    const ValueId id = define(parse_mention());
    if (cursor_.accept(':')) {
      graph_.set_type(id, parse_type());
    }
    return id;
  }

  /// A value that is read here; it may be defined further down.
  ValueId parse_value() {
    if (cursor_.accept_word("_")) {
      return kNoValue;
    }
    return value_of(parse_mention());
  }

  struct Mention {
    std::string name;
    std::size_t position;
  };

  Mention parse_mention() {
    const std::size_t position = cursor_.position();
    cursor_.expect('%');
    std::string name = cursor_.expect_name("the name of a value");
    if (name.empty()) {
      cursor_.fail_at(position, "a name cannot be empty");
    }
    return {std::move(name), position};
  }

  ValueId value_of(const Mention& mention) {
    references_.try_emplace(mention.name, Reference{mention.position, false});
    const auto known = graph_.find_value(mention.name);
    return known ? *known : graph_.add_value(mention.name);
  }

  ValueId define(const Mention& mention) {
    const ValueId id = value_of(mention);
    Reference& reference = references_.at(mention.name);
    if (reference.defined) {
      cursor_.fail_at(mention.position, "value '" + mention.name + "' is defined a second time");
    }
    reference.defined = true;
    return id;
  }

  /// The name of an input or constant: these stand in front of everything that reads them.
  std::string parse_new_name() {
    Mention mention = parse_mention();
    const auto [it, is_new] =
        references_.try_emplace(mention.name, Reference{mention.position, true});
    if (!is_new) {
      cursor_.fail_at(mention.position,
                      "value '" + mention.name +
                          "' was named before; inputs and constants stand in front of their users");
    }
    return std::move(mention.name);
  }

  void check_definitions() const {
    std::optional<Mention> first;
    for (const auto& [name, reference] : references_) {
      if (!reference.defined && (!first || reference.position < first->position)) {
        first = Mention{name, reference.position};
      }
    }
    if (first) {
      cursor_.fail_at(first->position, "value '" + first->name + "' is defined nowhere");
    }
  }

  DType parse_dtype_word() {
    const std::size_t start = cursor_.position();
    const auto dtype = parse_dtype(cursor_.expect_word("an element type"));
    if (!dtype) {
      cursor_.fail_at(start, "expected one of f32, f16, bf16, f64, s8, u8, s32, s64, bool");
    }
    return *dtype;
  }

  /// What stands behind the '[' of a shape, ']' included.
  std::vector<std::string> parse_dims() {
    std::vector<std::string> dims;
    while (!cursor_.accept(']')) {
      if (cursor_.accept('?')) {
        dims.emplace_back("?");
      } else {
        dims.push_back(cursor_.expect_name("an extent"));
      }
      if (!cursor_.at(']')) {
        cursor_.expect(',');
      }
    }
    return dims;
  }

  /// Nothing where a dimension is a symbol.
  std::optional<Shape> static_shape(const std::vector<std::string>& dims) const {
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
      cursor_.fail_at(cursor_.position(), e.what());
    }
  }

  TensorType parse_type() {
    const DType dtype = parse_dtype_word();
    const std::size_t start = cursor_.position();
    cursor_.expect('[');
    std::optional<Shape> shape = static_shape(parse_dims());
    if (!shape) {
      cursor_.fail_at(start, "expected a shape of numbers only");
    }
    return {dtype, std::move(*shape)};
  }

  Tensor parse_elements(const TensorType& type) {
    if (cursor_.accept_word("splat")) {
      return parse_splat(type);
    }
    if (cursor_.accept_word("random")) {
      return parse_random(type);
    }
    if (cursor_.peek_word() == "...") {
      cursor_.fail("the elements were left out when this was printed; print constants in full");
    }
    const std::size_t start = cursor_.position();
    std::vector<std::string_view> words;
    cursor_.expect('[');
    while (!cursor_.accept(']')) {
      words.push_back(cursor_.expect_word("a number or ']'"));
      if (!cursor_.at(']')) {
        cursor_.expect(',');
      }
    }
    if (static_cast<std::int64_t>(words.size()) != type.shape.num_elements()) {
      cursor_.fail_at(start,
                      "got " + std::to_string(words.size()) + " elements, expected " +
                          std::to_string(type.shape.num_elements()) + " for " + to_string(type));
    }
    Tensor tensor(type.dtype, type.shape);
    for (std::size_t i = 0; i < words.size(); ++i) {
      parse_element(start, words[i], tensor, static_cast<std::int64_t>(i));
    }
    return tensor;
  }

  void parse_element(std::size_t position, std::string_view word, Tensor& tensor, std::int64_t i) {
    if (!text::parse_element(word, tensor, i)) {
      cursor_.fail_at(position,
                      "element " + std::to_string(i) + ": got '" + std::string(word) +
                          "', expected a number of type " + std::string(to_string(tensor.dtype())));
    }
  }

  Tensor parse_splat(const TensorType& type) {
    cursor_.expect('(');
    const std::size_t start = cursor_.position();
    Tensor one(type.dtype, Shape{});
    parse_element(start, cursor_.expect_word("a number"), one, 0);
    cursor_.expect(')');
    Tensor tensor(type.dtype, type.shape);
    const auto source = one.bytes();
    const auto target = tensor.bytes();
    for (std::size_t i = 0; i < target.size(); i += source.size()) {
      std::copy(source.begin(), source.end(), target.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return tensor;
  }

  Tensor parse_random(const TensorType& type) {
    cursor_.expect('(');
    const auto seed = static_cast<std::uint64_t>(cursor_.expect_int());
    float low = -1.0F;
    float high = 1.0F;
    if (cursor_.accept(',')) {
      const std::size_t start = cursor_.position();
      low = cursor_.expect_float();
      cursor_.expect(',');
      high = cursor_.expect_float();
      constexpr float kLargest = 1e9F;  // any integer type, and no overflow of high - low
      if (!(-kLargest <= low && low <= high && high <= kLargest)) {
        cursor_.fail_at(start, "expected -1e9 <= low <= high <= 1e9");
      }
    }
    cursor_.expect(')');
    return random_tensor(type.dtype, type.shape, seed, low, high);
  }

  Attributes parse_attributes() {
    Attributes attributes;
    while (!cursor_.accept('}')) {
      const std::size_t start = cursor_.position();
      std::string name = cursor_.expect_name("the name of an attribute");
      if (attributes.has(name)) {
        cursor_.fail_at(start, "attribute '" + name + "' is set a second time");
      }
      cursor_.expect('=');
      attributes.set(std::move(name), parse_attribute());
      if (!cursor_.at('}')) {
        cursor_.expect(',');
      }
    }
    return attributes;
  }

  Attribute parse_attribute() {
    if (cursor_.at('"')) {
      return cursor_.expect_string();
    }
    if (cursor_.at('[')) {
      return parse_list();
    }
    if (cursor_.accept_word("tensor")) {
      const TensorType type = parse_type();
      return parse_elements(type);
    }
    if (cursor_.accept_word("ints")) {
      return expect_empty_list(std::vector<std::int64_t>());
    }
    if (cursor_.accept_word("floats")) {
      return expect_empty_list(std::vector<float>());
    }
    if (cursor_.accept_word("strings")) {
      return expect_empty_list(std::vector<std::string>());
    }
    if (is_float_ahead()) {
      return cursor_.expect_float();
    }
    return cursor_.expect_int();
  }

  [[nodiscard]] bool is_float_ahead() const {
    return cursor_.peek_word().find_first_of(".eEnx") != std::string_view::npos;
  }

  Attribute expect_empty_list(Attribute empty) {
    cursor_.expect('[');
    cursor_.expect(']');
    return empty;
  }

  Attribute parse_list() {
    cursor_.expect('[');
    if (cursor_.at('"')) {
      return parse_list_of<std::string>([this] { return cursor_.expect_string(); });
    }
    if (is_float_ahead()) {
      return parse_list_of<float>([this] { return cursor_.expect_float(); });
    }
    return parse_list_of<std::int64_t>([this] { return cursor_.expect_int(); });
  }

  template <class T, class F>
  Attribute parse_list_of(F parse_one) {
    std::vector<T> values;
    while (!cursor_.accept(']')) {
      values.push_back(parse_one());
      if (!cursor_.at(']')) {
        cursor_.expect(',');
      }
    }
    return values;
  }

  Cursor cursor_;
  Graph graph_;
  std::vector<ValueId> outputs_;
  std::unordered_map<std::string, Reference> references_;
};

}  // namespace

Graph parse_text(std::string_view text) {
  return Parser(text).parse();
}

}  // namespace mtmi
