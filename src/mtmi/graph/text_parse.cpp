#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mtmi/graph/text.h"
#include "mtmi/graph/text_attributes.h"
#include "mtmi/graph/text_cursor.h"
#include "mtmi/graph/text_tensor.h"

namespace mtmi {
namespace {

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
    const DType dtype = text::parse_dtype_word(cursor_);
    cursor_.expect('[');
    if (cursor_.accept('*')) {
      cursor_.expect(']');
      graph_.add_dynamic_input(name, dtype, {});
      return;
    }
    std::vector<std::string> dims = text::parse_dims(cursor_);
    if (std::optional<Shape> shape = text::static_shape(cursor_, dims)) {
      graph_.add_input(name, {dtype, std::move(*shape)});
    } else {
      graph_.add_dynamic_input(name, dtype, std::move(dims));
    }
  }

  void parse_constant() {
    const std::string name = parse_new_name();
    cursor_.expect(':');
    const TensorType type = text::parse_type(cursor_);
    cursor_.expect('=');
    graph_.add_constant(name, text::parse_elements(cursor_, type));
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
      node.attributes = text::parse_attributes(cursor_);
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
      graph_.set_type(id, text::parse_type(cursor_));
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

  text::Cursor cursor_;
  Graph graph_;
  std::vector<ValueId> outputs_;
  std::unordered_map<std::string, Reference> references_;
};

}  // namespace

Graph parse_text(std::string_view text) {
  return Parser(text).parse();
}

}  // namespace mtmi
