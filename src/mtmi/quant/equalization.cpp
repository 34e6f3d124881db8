#include "mtmi/quant/equalization.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "mtmi/core/assert.h"
#include "mtmi/core/axis_split.h"

namespace mtmi::quant {
namespace {

/// A Conv that reads channels of a tensor behind others that it reads.
struct Reader {
  NodeId node{};
  std::int64_t offset = 0;  ///< of the first channel

  bool operator==(const Reader&) const = default;
};

/// A tensor whose channels can be scaled.
struct Link {
  NodeId producer{};
  ValueId measured{};  ///< what the producer's layer hands on
  std::vector<Reader> readers;
  std::vector<NodeId> joins;  ///< each Concat on the way
};

const Tensor* float_constant(const Graph& graph, const Node& node, std::size_t index) {
  if (index >= node.inputs.size() || node.inputs[index] == kNoValue) {
    return nullptr;
  }
  const auto& constant = graph.value(node.inputs[index]).constant;
  return constant && constant->dtype() == DType::Float32 ? &*constant : nullptr;
}

/// A Conv with constant weights, and a constant bias or none.
bool is_plain_conv(const Graph& graph, const Node& node) {
  const bool has_bias = node.inputs.size() > 2 && node.inputs[2] != kNoValue;
  return node.op == "Conv" && float_constant(graph, node, 1) != nullptr &&
         (!has_bias || float_constant(graph, node, 2) != nullptr);
}

/// f(s x) = s f(x) for s > 0, channel by channel.
bool keeps_factors(const Graph& graph, const Node& node) {
  if (node.op == "Resize") {
    const Shape& from = *graph.value(node.inputs[0]).shape;
    const Shape& to = *graph.value(node.outputs[0]).shape;
    return node.attributes.get_string("coordinate_transformation_mode", "half_pixel") !=
               "tf_crop_and_resize" &&
           from.rank() > 1 && from[0] == to[0] && from[1] == to[1];
  }
  return node.op == "Relu" || node.op == "LeakyRelu" || node.op == "MaxPool" ||
         node.op == "AveragePool" || node.op == "Identity";
}

/// Follows the channels of a tensor to the Convs that read them.
class Follower {
 public:
  explicit Follower(const Graph& graph) : graph_(graph) {}

  /// Returns false where factors would get stuck. `offset`: channels in front.
  bool follow(ValueId value, std::int64_t offset, Link& link) const {
    if (graph_.is_output(value) || graph_.users(value).empty()) {
      return false;
    }
    const auto users = graph_.users(value);
    return std::all_of(users.begin(), users.end(), [&](NodeId user) {
      return pass(graph_.node(user), user, value, offset, link);
    });
  }

 private:
  bool pass(const Node& node, NodeId id, ValueId value, std::int64_t offset, Link& link) const {
    if (node.op == "Concat") {
      return join(node, id, value, offset, link);
    }
    if (std::count(node.inputs.begin(), node.inputs.end(), value) != 1 ||
        node.inputs.front() != value) {
      return false;
    }
    if (is_plain_conv(graph_, node) && node.attributes.get_int("group", 1) == 1) {
      link.readers.push_back({.node = id, .offset = offset});
      return true;
    }
    return keeps_factors(graph_, node) && node.outputs.size() == 1 &&
           follow(node.outputs.front(), offset, link);
  }

  bool join(const Node& node, NodeId id, ValueId value, std::int64_t offset, Link& link) const {
    const int rank = graph_.value(value).shape->rank();
    const std::int64_t axis = node.attributes.get_int("axis", 1);
    if ((axis < 0 ? axis + rank : axis) != 1 ||
        std::count(node.inputs.begin(), node.inputs.end(), value) != 1) {
      return false;
    }
    for (const ValueId input : node.inputs) {
      if (input == value) {
        break;
      }
      offset += (*graph_.value(input).shape)[1];
    }
    link.joins.push_back(id);
    return follow(node.outputs.front(), offset, link);
  }

  const Graph& graph_;
};

/// What a layer that starts with a Conv hands on: behind its activation, if it has one.
ValueId handed_on(const Graph& graph, NodeId conv) {
  const ValueId result = graph.node(conv).outputs.front();
  if (graph.has_single_user(result)) {
    const Node& user = graph.node(graph.users(result).front());
    if (user.op == "Relu" || user.op == "LeakyRelu") {
      return user.outputs.front();
    }
  }
  return result;
}

std::vector<Link> find_links(const Graph& graph) {
  std::vector<Link> links;
  const Follower follower(graph);
  for (const NodeId id : graph.order()) {
    if (!is_plain_conv(graph, graph.node(id))) {
      continue;
    }
    Link link{.producer = id, .measured = handed_on(graph, id), .readers = {}, .joins = {}};
    if (follower.follow(graph.node(id).outputs.front(), 0, link)) {
      links.push_back(std::move(link));
    }
  }
  return links;
}

/// Links that meet in a Concat, and what else comes there.
struct Family {
  std::vector<std::size_t> links;
  std::vector<ValueId> others;
};

/// The first tensor that holds what `value` does but for its place: its peak is as large or larger,
/// but for what a cubic Resize overshoots by.
ValueId source_of(const Graph& graph, ValueId value) {
  while (const auto producer = graph.producer(value)) {
    const Node& node = graph.node(*producer);
    if (!keeps_factors(graph, node) || node.op == "Relu" || node.op == "LeakyRelu") {
      break;
    }
    value = node.inputs.front();
  }
  return value;
}

/// Inputs of `join` that no link makes.
std::vector<ValueId> others_at(const Graph& graph, NodeId join, const std::vector<Link>& links) {
  std::vector<ValueId> others;
  for (const ValueId input : graph.node(join).inputs) {
    const ValueId source = source_of(graph, input);
    const auto producer = graph.producer(source);
    const bool is_scaled = std::any_of(links.begin(), links.end(), [&](const Link& link) {
      const auto& joins = link.joins;
      return link.measured == source ||
             (producer && std::find(joins.begin(), joins.end(), *producer) != joins.end());
    });
    if (!is_scaled && !graph.is_constant(input)) {
      others.push_back(source);
    }
  }
  return others;
}

bool share_a_join(const Link& a, const Link& b) {
  return std::any_of(a.joins.begin(), a.joins.end(), [&b](NodeId join) {
    return std::find(b.joins.begin(), b.joins.end(), join) != b.joins.end();
  });
}

std::vector<Family> find_families(const Graph& graph, const std::vector<Link>& links) {
  std::vector<Family> families;
  std::vector<bool> done(links.size(), false);
  for (std::size_t first = 0; first < links.size(); ++first) {
    if (done[first]) {
      continue;
    }
    Family family{.links = {first}, .others = {}};
    done[first] = true;
    for (std::size_t k = 0; k < family.links.size(); ++k) {  // grows while it is walked
      for (std::size_t i = 0; i < links.size(); ++i) {
        if (!done[i] && share_a_join(links[family.links[k]], links[i])) {
          family.links.push_back(i);
          done[i] = true;
        }
      }
    }
    for (const std::size_t i : family.links) {
      for (const NodeId join : links[i].joins) {
        for (const ValueId other : others_at(graph, join, links)) {
          family.others.push_back(other);
        }
      }
    }
    families.push_back(std::move(family));
  }
  return families;
}

const std::vector<float>& peaks_of(const Graph& graph, ValueId value, const ChannelPeaks& peaks) {
  const auto found = peaks.find(graph.value(value).name);
  MTMI_ASSERT(found != peaks.end());
  return found->second;
}

/// The range that all channels of a family get; 0: there is nothing to go by.
double range_of(const Graph& graph,
                const std::vector<Link>& links,
                const Family& family,
                const ChannelPeaks& peaks) {
  double fixed = 0.0;
  for (const ValueId other : family.others) {
    const auto& of_other = peaks_of(graph, other, peaks);
    for (const float peak : of_other) {
      fixed = std::max(fixed, static_cast<double>(peak));
    }
  }
  if (fixed > 0.0) {
    return fixed;
  }
  double sum = 0.0;
  std::size_t count = 0;
  for (const std::size_t i : family.links) {
    for (const float peak : peaks_of(graph, links[i].measured, peaks)) {
      if (peak > 0.0F) {
        sum += std::log(static_cast<double>(peak));
        ++count;
      }
    }
  }
  return count == 0 ? 0.0 : std::exp(sum / static_cast<double>(count));
}

std::vector<double> factors_of(std::span<const float> peaks, double range) {
  std::vector<double> factors(peaks.size(), 1.0);
  const double largest = kLargestChannelFactor;
  for (std::size_t c = 0; c < peaks.size(); ++c) {
    if (peaks[c] > 0.0F && range > 0.0) {
      factors[c] = std::clamp(range / static_cast<double>(peaks[c]), 1.0 / largest, largest);
    }
  }
  return factors;
}

/// Constant input `index` of `id`, with element (o, c, i) along `axis` multiplied by factor(c).
template <class F>
void scale_constant(Graph& graph, NodeId id, std::size_t index, int axis, F&& factor) {
  const Value& old = graph.value(graph.node(id).inputs[index]);
  Tensor tensor = old.constant->clone();
  const AxisSplit split = split_at_axis(tensor.shape(), axis);
  float* x = tensor.data<float>().data();
  for (std::int64_t o = 0; o < split.outer; ++o) {
    for (std::int64_t c = 0; c < split.extent; ++c) {
      for (std::int64_t i = 0; i < split.inner; ++i, ++x) {
        *x = static_cast<float>(static_cast<double>(*x) * factor(c));
      }
    }
  }
  graph.set_input(id, index, graph.add_constant(old.name + "/equalized", std::move(tensor)));
}

void apply(Graph& graph, const Link& link, const std::vector<double>& factors) {
  const auto multiply = [&](std::int64_t c) { return factors[static_cast<std::size_t>(c)]; };
  scale_constant(graph, link.producer, 1, 0, multiply);
  const Node& producer = graph.node(link.producer);
  if (producer.inputs.size() > 2 && producer.inputs[2] != kNoValue) {
    scale_constant(graph, link.producer, 2, 0, multiply);
  }
  for (const Reader& reader : link.readers) {
    scale_constant(graph, reader.node, 1, 1, [&](std::int64_t c) {
      const std::int64_t own = c - reader.offset;
      const bool is_own = own >= 0 && own < static_cast<std::int64_t>(factors.size());
      return is_own ? 1.0 / factors[static_cast<std::size_t>(own)] : 1.0;
    });
  }
}

}  // namespace

std::vector<std::string> tensors_to_equalize(const Graph& graph) {
  const std::vector<Link> links = find_links(graph);
  std::vector<std::string> names;
  const auto add = [&](ValueId id) {
    const std::string& name = graph.value(id).name;
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(name);
    }
  };
  for (const Family& family : find_families(graph, links)) {
    for (const std::size_t i : family.links) {
      add(links[i].measured);
    }
    std::for_each(family.others.begin(), family.others.end(), add);
  }
  return names;
}

Graph equalize(Graph graph, const ChannelPeaks& peaks) {
  const std::vector<Link> links = find_links(graph);
  for (const Family& family : find_families(graph, links)) {
    const double range = range_of(graph, links, family, peaks);
    for (const std::size_t i : family.links) {
      apply(graph, links[i], factors_of(peaks_of(graph, links[i].measured, peaks), range));
    }
  }
  return graph;
}

}  // namespace mtmi::quant
