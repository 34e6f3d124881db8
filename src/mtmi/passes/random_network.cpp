#include "mtmi/passes/random_network.h"

#include <array>
#include <string>
#include <vector>

#include "mtmi/core/random.h"
#include "mtmi/core/random_tensor.h"
#include "mtmi/passes/match.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

using Ints = std::vector<std::int64_t>;

class Builder {
 public:
  explicit Builder(std::uint64_t seed) : random_(seed), seed_(seed) {}

  Graph build() {
    graph_.name = "random";
    values_.push_back(graph_.add_input("x", {DType::Float32, Shape{1, 4, 6, 8}}));
    for (int i = 0; i < 20; ++i) {
      add_step();
    }
    const std::size_t outputs = 1 + random_.below(3);
    for (std::size_t i = 0; i < outputs; ++i) {
      const ValueId value = values_[values_.size() - 1 - i];
      if (!graph_.is_input(value)) {
        graph_.add_output(value);
      }
    }
    return std::move(graph_);
  }

 private:
  /// One of the newest values, so that the network is deep rather than wide.
  ValueId pick() {
    const std::size_t reach = std::min<std::size_t>(values_.size(), 3);
    return values_[values_.size() - 1 - random_.below(reach)];
  }

  ValueId add(std::string op, std::vector<ValueId> inputs, Attributes attributes = {}) {
    const ValueId output = graph_.add_value("v");
    const NodeId id = graph_.add_node({.name = "",
                                       .op = std::move(op),
                                       .inputs = std::move(inputs),
                                       .outputs = {output},
                                       .attributes = std::move(attributes)});
    infer_node_types(graph_, id);
    return output;
  }

  ValueId weights(Shape shape, float low = -0.5F, float high = 0.5F) {
    return graph_.add_constant("w",
                               random_tensor(DType::Float32, std::move(shape), ++seed_, low, high));
  }

  ValueId scalar(float value) {
    return graph_.add_constant("c", Tensor::from<float>(Shape{}, {value}));
  }

  ValueId ints(const Ints& values) { return add_ints(graph_, "i", values); }

  void add_step() {
    const ValueId x = pick();
    const Shape& shape = shape_of(graph_, x);
    const auto choice = random_.below(4);
    values_.push_back(choice == 0         ? add_element_wise(x)
                      : choice == 1       ? add_left_over(x)
                      : shape.rank() == 4 ? add_on_map(x, shape)
                                          : add_on_tokens(x, shape));
  }

  ValueId add_element_wise(ValueId x) {
    switch (random_.below(5)) {
      case 0:
        return add("Relu", {x});
      case 1:
        return add("Sigmoid", {x});
      case 2: {
        const ValueId erf = add("Erf", {add("Div", {x, scalar(1.4142135F)})});
        return add("Mul", {x, add("Mul", {scalar(0.5F), add("Add", {erf, scalar(1.0F)})})});
      }
      case 3:
        return add("Mul", {scalar(0.5F), x});
      default:
        return add("Add", {x, twin_of(x)});
    }
  }

  /// Another value of the same type, or `x` itself.
  ValueId twin_of(ValueId x) {
    for (auto it = values_.rbegin(); it != values_.rend(); ++it) {
      if (*it != x && same_type(graph_, *it, x)) {
        return *it;
      }
    }
    return x;
  }

  ValueId add_left_over(ValueId x) {
    switch (random_.below(5)) {
      case 0:
        return add("Identity", {x});
      case 1:
        return add("Cast", {x}, {{"to", std::int64_t{1}}});
      case 2:
        return add("Mul", {x, scalar(1.0F)});
      case 3:
        return add("Add", {scalar(0.0F), x});
      default: {
        Ints extents = shape_of(graph_, x).extents();
        extents.back() = -1;
        return add("Reshape", {x, ints(extents)});
      }
    }
  }

  ValueId add_on_map(ValueId x, const Shape& shape) {
    const std::int64_t channels = shape[1];
    switch (random_.below(6)) {
      case 0:
        return add_convolution(x, channels, 1 + random_.below(2) * 2);
      case 1: {
        const ValueId conv = add_convolution(x, channels, 3);
        return add_batch_normalization(conv, shape_of(graph_, conv)[1]);
      }
      case 2:
        return shape[2] > 24
                   ? add("Relu", {x})
                   : add("Resize",
                         {x, kNoValue, kNoValue, ints({1, channels, shape[2] * 2, shape[3] * 2})},
                         {{"mode", std::string("linear")}});
      case 3:
        return add("Concat", {x, add("Neg", {x})}, {{"axis", std::int64_t{1}}});
      case 4:
        return add("MaxPool", {x}, {{"kernel_shape", Ints{3, 3}}, {"pads", Ints{1, 1, 1, 1}}});
      default: {
        const ValueId rows = add("Reshape", {x, ints({1, channels, -1})});
        return add("Transpose", {rows}, {{"perm", Ints{0, 2, 1}}});
      }
    }
  }

  ValueId add_convolution(ValueId x, std::int64_t channels, std::uint64_t kernel) {
    const auto k = static_cast<std::int64_t>(kernel);
    const std::int64_t out = 4;
    std::vector<ValueId> inputs{x, weights({out, channels, k, k})};
    if (random_.below(2) == 0) {
      inputs.push_back(weights({out}));
    }
    return add("Conv", std::move(inputs), {{"pads", Ints(4, k / 2)}});
  }

  ValueId add_batch_normalization(ValueId x, std::int64_t channels) {
    return add("BatchNormalization",
               {x,
                weights({channels}, 0.5F, 1.5F),
                weights({channels}),
                weights({channels}),
                weights({channels}, 0.5F, 1.5F)});
  }

  /// [1, n, c].
  ValueId add_on_tokens(ValueId x, const Shape& shape) {
    const std::int64_t positions = shape[1];
    const std::int64_t channels = shape[2];
    switch (random_.below(4)) {
      case 0:
        return add("Add", {add("MatMul", {x, weights({channels, channels})}), weights({channels})});
      case 1:
        return add("LayerNormalization", {x, weights({channels}, 0.5F, 1.5F), weights({channels})});
      case 2:
        return positions > 100 ? add("Relu", {x}) : add_attention(x, channels);
      default: {
        const ValueId back = add("Transpose", {x}, {{"perm", Ints{0, 2, 1}}});
        return add("Reshape", {back, ints({1, channels, 2, -1})});
      }
    }
  }

  ValueId add_attention(ValueId x, std::int64_t channels) {
    const auto heads = [&](Ints permutation) {
      const ValueId product = add("MatMul", {x, weights({channels, channels})});
      const ValueId split = add("Reshape", {product, ints({1, -1, 2, channels / 2})});
      return add("Transpose", {split}, {{"perm", std::move(permutation)}});
    };
    const ValueId q = add("Mul", {heads({0, 2, 1, 3}), scalar(0.5F)});
    const ValueId scores = add("MatMul", {q, heads({0, 2, 3, 1})});
    const ValueId result = add("MatMul", {add("Softmax", {scores}), heads({0, 2, 1, 3})});
    const ValueId together = add("Transpose", {result}, {{"perm", Ints{0, 2, 1, 3}}});
    return add("Reshape", {together, ints({1, -1, channels})});
  }

  Random random_;
  std::uint64_t seed_;
  Graph graph_;
  std::vector<ValueId> values_;
};

}  // namespace

Graph random_network(std::uint64_t seed) {
  return Builder(seed).build();
}

}  // namespace mtmi::passes
