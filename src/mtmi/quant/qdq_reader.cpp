#include "mtmi/quant/qdq_reader.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_set>
#include <utility>

#include <fmt/core.h>

#include "mtmi/error.h"
#include "mtmi/quant/scale_table.h"

namespace mtmi::quant {
namespace {

constexpr std::string_view kQuantize = "QuantizeLinear";
constexpr std::string_view kDequantize = "DequantizeLinear";

class QdqReader {
 public:
  explicit QdqReader(const Graph& graph) : graph_(graph) {
    for (const NodeId id : graph.order()) {
      const Node& node = graph.node(id);
      const bool constant_inputs =
          std::all_of(node.inputs.begin(), node.inputs.end(), [this](ValueId input) {
            return input == kNoValue || is_known(input);
          });
      if (constant_inputs) {
        known_.insert(node.outputs.begin(), node.outputs.end());
      }
    }
  }

  [[nodiscard]] std::map<std::string, float> read() {
    for (const NodeId id : graph_.order()) {
      const Node& node = graph_.node(id);
      if (node.inputs.empty() || node.inputs.front() == kNoValue || is_known(node.inputs.front())) {
        continue;  // weights
      }
      if (node.op == kQuantize) {
        read_pair(id);
      } else if (node.op == kDequantize) {
        require_quantized(id);
      }
    }
    if (scales_.empty()) {
      throw Error(ErrorCode::InvalidModel,
                  "quant::read_qdq_scales",
                  fmt::format("graph '{}' has no scales: expected QuantizeLinear and "
                              "DequantizeLinear on its tensors",
                              graph_.name));
    }
    return std::move(scales_);
  }

 private:
  [[noreturn]] void refuse(NodeId id, const std::string& message) const {
    throw Error(ErrorCode::Unsupported,
                "quant::read_qdq_scales",
                describe_node(graph_, id) + ": " + message);
  }

  /// Constants and what is computed from them alone.
  [[nodiscard]] bool is_known(ValueId id) const {
    return graph_.is_constant(id) || known_.contains(id);
  }

  [[nodiscard]] const Tensor* constant_input(NodeId id, std::size_t index) const {
    const Node& node = graph_.node(id);
    if (index >= node.inputs.size() || node.inputs[index] == kNoValue) {
      return nullptr;
    }
    const auto& constant = graph_.value(node.inputs[index]).constant;
    return constant ? &*constant : nullptr;
  }

  [[nodiscard]] float scale_of(NodeId id) const {
    const Tensor* const scale = constant_input(id, 1);
    if (scale == nullptr) {
      refuse(id, "scale: got a computed tensor, expected a constant");
    }
    if (scale->dtype() != DType::Float32 || scale->num_elements() != 1) {
      refuse(id,
             fmt::format("scale: got {}{}, expected one f32 for the whole tensor",
                         to_string(scale->dtype()),
                         to_string(scale->shape())));
    }
    return scale->data<float>()[0];
  }

  void require_zero_point(NodeId id) const {
    const Node& node = graph_.node(id);
    if (node.inputs.size() < 3 || node.inputs[2] == kNoValue) {
      constexpr std::int64_t kOnnxInt8 = 3;  // onnx.proto, TensorProto
      if (node.op == kQuantize && node.attributes.get_int("output_dtype", 0) != kOnnxInt8) {
        refuse(id, "zero point: got none, which means u8, expected 0 of s8");
      }
      return;
    }
    const Tensor* const zero = constant_input(id, 2);
    if (zero == nullptr || zero->dtype() != DType::Int8) {
      refuse(id,
             fmt::format("zero point: got {}, expected 0 of s8",
                         zero == nullptr ? "a computed tensor" : to_string(zero->dtype())));
    }
    const auto values = zero->data<std::int8_t>();
    if (const auto bad = std::find_if(values.begin(), values.end(), [](int v) { return v != 0; });
        bad != values.end()) {
      refuse(id, fmt::format("zero point: got {}, expected 0", *bad));
    }
  }

  void read_pair(NodeId id) {
    require_zero_point(id);
    const float scale = scale_of(id);
    const ValueId integers = graph_.node(id).outputs.front();
    if (graph_.is_output(integers)) {
      refuse(id, "got integers as a result of the graph, expected DequantizeLinear behind it");
    }
    std::string name = graph_.value(graph_.node(id).inputs.front()).name;
    for (const NodeId user : graph_.users(integers)) {
      if (graph_.node(user).op != kDequantize) {
        refuse(id, "got " + describe_node(graph_, user) + " behind it, expected DequantizeLinear");
      }
      require_zero_point(user);
      if (const float other = scale_of(user); other != scale) {
        refuse(user, fmt::format("scale: got {}, expected {} as in front of it", other, scale));
      }
      const ValueId result = graph_.node(user).outputs.front();
      if (graph_.is_output(result)) {
        name = graph_.value(result).name;
      }
    }
    add(id, name, scale);
  }

  void add(NodeId id, const std::string& name, float scale) {
    const auto fail = [&](const std::string& message) {
      throw Error(ErrorCode::InvalidModel,
                  "quant::read_qdq_scales",
                  fmt::format("{}: tensor '{}': {}", describe_node(graph_, id), name, message));
    };
    if (const std::string defect = find_defect(scale); !defect.empty()) {
      fail("got " + defect);
    }
    if (const auto [at, is_new] = scales_.emplace(name, scale); !is_new && at->second != scale) {
      fail(fmt::format("got two scales, {} and {}, expected one", at->second, scale));
    }
  }

  void require_quantized(NodeId id) const {
    const auto producer = graph_.producer(graph_.node(id).inputs.front());
    if (!producer || graph_.node(*producer).op != kQuantize) {
      refuse(id,
             fmt::format("got {} in front of it, expected QuantizeLinear",
                         producer ? describe_node(graph_, *producer) : "an input of the graph"));
    }
  }

  const Graph& graph_;
  std::unordered_set<ValueId> known_;
  std::map<std::string, float> scales_;
};

}  // namespace

std::map<std::string, float> read_qdq_scales(const Graph& graph) {
  return QdqReader(graph).read();
}

}  // namespace mtmi::quant
