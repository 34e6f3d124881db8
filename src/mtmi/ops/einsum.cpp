#include "mtmi/ops/einsum.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"
#include "mtmi/ops/input_checks.h"

namespace mtmi::ops {
namespace {

// A label is its letter; the axes of an ellipsis are counted from the innermost: -1, -2, ...
using Label = int;
using Term = std::vector<Label>;

constexpr std::string_view kEllipsis = "...";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The labels of one side of a comma. An ellipsis becomes `ellipsis_rank` labels.
Term parse_term(std::string_view text, int ellipsis_rank) {
  Term term;
  bool has_ellipsis = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_letter(text[i])) {
      term.push_back(text[i]);
    } else if (text.substr(i).starts_with(kEllipsis) && !has_ellipsis) {
      has_ellipsis = true;
      for (int axis = ellipsis_rank; axis > 0; --axis) {
        term.push_back(-axis);
      }
      i += kEllipsis.size() - 1;
    } else {
      refuse("an equation with '" + std::string(text) + "'", "letters and at most one ellipsis");
    }
  }
  return term;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(end + 1);
  }
}

/// The labels of an operand, one per axis.
Term parse_operand(std::string_view text, const Shape& shape) {
  const auto letters = static_cast<int>(std::count_if(text.begin(), text.end(), is_letter));
  const bool has_ellipsis = text.find(kEllipsis) != std::string_view::npos;
  if (letters > shape.rank() || (letters < shape.rank() && !has_ellipsis)) {
    refuse("the term '" + std::string(text) + "' for an operand of shape " + to_string(shape),
           "as many labels as axes");
  }
  return parse_term(text, shape.rank() - letters);
}

/// The ellipsis, then the letters that occur once, in the order of ASCII.
Term implicit_output(const std::vector<Term>& terms) {
  std::map<Label, int> counts;
  Term output;
  for (const Term& term : terms) {
    for (const Label label : term) {
      ++counts[label];
    }
  }
  for (const auto& [label, count] : counts) {
    if (label < 0 || count == 1) {
      output.push_back(label);
    }
  }
  return output;
}

void require_sound_output(const Term& output, const std::map<Label, std::int64_t>& extents) {
  for (const Label label : output) {
    if (!extents.contains(label)) {
      refuse("an output label that no operand has", "labels of the operands");
    }
    if (std::count(output.begin(), output.end(), label) != 1) {
      refuse("an output label that is given twice", "every label once");
    }
  }
}

/// The extent of every label; operands agree, or have 1.
std::map<Label, std::int64_t> extents_of(const std::vector<Term>& terms,
                                         std::span<const Shape> operands) {
  std::map<Label, std::int64_t> extents;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    for (std::size_t axis = 0; axis < terms[i].size(); ++axis) {
      const std::int64_t extent = operands[i].extents()[axis];
      std::int64_t& common = extents.try_emplace(terms[i][axis], extent).first->second;
      if (common != extent && common != 1 && extent != 1) {
        refuse("extents " + std::to_string(common) + " and " + std::to_string(extent) +
                   " of one label",
               "equal ones, or 1");
      }
      common = common == 1 ? extent : common;
    }
  }
  return extents;
}

std::vector<std::int64_t> strides_of(const Term& term,
                                     const Shape& operand,
                                     const std::vector<Label>& labels) {
  std::vector<std::int64_t> strides(labels.size(), 0);
  std::int64_t stride = 1;
  for (std::size_t axis = term.size(); axis-- > 0;) {
    const std::int64_t extent = operand.extents()[axis];
    const auto at = std::find(labels.begin(), labels.end(), term[axis]) - labels.begin();
    strides[static_cast<std::size_t>(at)] += extent == 1 ? 0 : stride;
    stride *= extent;
  }
  return strides;
}

std::vector<TensorType> infer_einsum(const InferContext& context) {
  const DType dtype = context.input(0).dtype;
  require_numeric(dtype);
  std::vector<Shape> operands;
  for (int i = 0; i < context.num_inputs(); ++i) {
    require_dtype(context.input(i).dtype, dtype);
    operands.push_back(context.input(i).shape);
  }
  const std::string equation = context.attributes().get_string("equation", "");
  return {{dtype, einsum_geometry(equation, operands).dst_shape()}};
}

constexpr std::array kOperators{
    Operator{"Einsum", {1, Arity::kVariadic}, {1, 1}, infer_einsum},
};

}  // namespace

Shape EinsumGeometry::dst_shape() const {
  return checked_shape({extents.begin(), extents.begin() + output_rank});
}

EinsumGeometry einsum_geometry(std::string_view equation, std::span<const Shape> operands) {
  std::string text(equation);
  text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
  const std::string_view whole = text;
  const std::size_t arrow = whole.find("->");
  const std::vector<std::string_view> sides = split(whole.substr(0, arrow), ',');
  if (sides.size() != operands.size()) {
    refuse("equation '" + text + "' for " + std::to_string(operands.size()) + " operands",
           "one term for each");
  }
  std::vector<Term> terms;
  int ellipsis_rank = 0;
  for (std::size_t i = 0; i < sides.size(); ++i) {
    terms.push_back(parse_operand(sides[i], operands[i]));
    for (const Label label : terms.back()) {
      ellipsis_rank = std::max(ellipsis_rank, -label);
    }
  }
  const std::map<Label, std::int64_t> extents = extents_of(terms, operands);
  Term labels = arrow == std::string_view::npos
                    ? implicit_output(terms)
                    : parse_term(whole.substr(arrow + 2), ellipsis_rank);
  require_sound_output(labels, extents);
  EinsumGeometry geometry;
  geometry.output_rank = static_cast<int>(labels.size());
  for (const auto& [label, extent] : extents) {
    if (std::find(labels.begin(), labels.end(), label) == labels.end()) {
      labels.push_back(label);
    }
  }
  for (const Label label : labels) {
    geometry.extents.push_back(extents.at(label));
  }
  for (std::size_t i = 0; i < terms.size(); ++i) {
    geometry.strides.push_back(strides_of(terms[i], operands[i], labels));
  }
  return geometry;
}

std::span<const Operator> einsum_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
