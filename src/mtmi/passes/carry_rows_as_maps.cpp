#include "mtmi/passes/carry_rows_as_maps.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "mtmi/dla/rules.h"
#include "mtmi/passes/cure_refusals.h"
#include "mtmi/passes/layout_chain.h"
#include "mtmi/passes/match.h"
#include "mtmi/passes/merge_layouts.h"
#include "mtmi/passes/rewrite.h"
#include "mtmi/passes/row_nodes.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "carry_rows_as_maps";

/// Connected row nodes, in the order of the graph.
using Region = std::vector<NodeId>;

/// n, h and w of the maps that rows come from or go to.
struct Grid {
  std::int64_t n = 1;
  std::int64_t h = 1;
  std::int64_t w = 1;
  bool operator==(const Grid&) const = default;
};

/// Finds the regions of a graph.
class RegionFinder {
 public:
  explicit RegionFinder(const Graph& graph) : graph_(graph) {
    for (const NodeId id : graph.order()) {
      if (auto inputs = row_inputs(graph, id)) {
        rows_.emplace(id, values_of(id, *inputs));
      }
    }
  }

  /// Those where a DLA refuses a node, or what brings rows to it or away from it.
  [[nodiscard]] std::vector<Region> find() {
    std::vector<Region> regions;
    for (const NodeId id : graph_.order()) {
      if (!rows_.contains(id) || seen_.contains(id)) {
        continue;
      }
      Region region = grow(id);
      if (std::any_of(
              region.begin(), region.end(), [this](NodeId node) { return is_refused(node); })) {
        regions.push_back(std::move(region));
      }
    }
    return regions;
  }

 private:
  /// The row tensors that a node reads and writes.
  [[nodiscard]] std::vector<ValueId> values_of(NodeId id,
                                               const std::vector<std::size_t>& inputs) const {
    std::vector<ValueId> values{graph_.node(id).outputs[0]};
    for (const std::size_t input : inputs) {
      values.push_back(graph_.node(id).inputs[input]);
    }
    return values;
  }

  [[nodiscard]] bool is_refused(NodeId id) const {
    const auto refuses = [this](NodeId node) { return !dla::check(graph_, node); };
    const auto refuses_layout = [&](NodeId node) {
      return is_layout_node(graph_, node) && refuses(node);
    };
    return refuses(id) || std::any_of(rows_.at(id).begin(), rows_.at(id).end(), [&](ValueId value) {
             const auto producer = graph_.producer(value);
             const auto users = graph_.users(value);
             return (producer && refuses_layout(*producer)) ||
                    std::any_of(users.begin(), users.end(), refuses_layout);
           });
  }

  void visit(NodeId id, ValueId value, std::vector<NodeId>& open) {
    const auto it = rows_.find(id);
    const bool shares = it != rows_.end() &&
                        std::find(it->second.begin(), it->second.end(), value) != it->second.end();
    if (shares && seen_.insert(id).second) {
      open.push_back(id);
    }
  }

  Region grow(NodeId start) {
    std::vector<NodeId> open{start};
    std::set<NodeId> members;
    seen_.insert(start);
    while (!open.empty()) {
      const NodeId id = open.back();
      open.pop_back();
      members.insert(id);
      for (const ValueId value : rows_.at(id)) {
        for (const NodeId user : graph_.users(value)) {
          visit(user, value, open);
        }
        if (const auto producer = graph_.producer(value)) {
          visit(*producer, value, open);
        }
      }
    }
    Region region;
    std::copy_if(graph_.order().begin(),
                 graph_.order().end(),
                 std::back_inserter(region),
                 [&members](NodeId id) { return members.contains(id); });
    return region;
  }

  const Graph& graph_;
  std::map<NodeId, std::vector<ValueId>> rows_;
  std::set<NodeId> seen_;
};

/// The grid of a map of `shape` that could hold the rows of `rows`.
std::optional<Grid> grid_of(const Shape& shape, const Shape& rows) {
  const bool fits =
      shape.rank() == 4 && shape[1] == rows[-1] && shape.num_elements() == rows.num_elements();
  return fits ? std::optional(Grid{shape[0], shape[2], shape[3]}) : std::nullopt;
}

std::optional<Grid> grid_behind(const Graph& graph, ValueId value) {
  const Shape rows = shape_of(graph, value);
  const auto producer = graph.producer(value);
  if (!producer || !is_layout_node(graph, *producer)) {
    return std::nullopt;
  }
  const std::vector<NodeId> chain = layout_chain_to(graph, *producer);
  for (auto it = chain.rbegin(); it != chain.rend(); ++it) {
    if (const auto grid = grid_of(shape_of(graph, graph.node(*it).inputs[0]), rows)) {
      return grid;
    }
  }
  return std::nullopt;
}

std::optional<Grid> grid_ahead(const Graph& graph, ValueId value) {
  const Shape rows = shape_of(graph, value);
  for (std::size_t step = 0; step < kMaxChain; ++step) {
    const auto users = graph.users(value);
    const auto layout = std::find_if(
        users.begin(), users.end(), [&graph](NodeId id) { return is_layout_node(graph, id); });
    if (layout == users.end()) {
      return std::nullopt;
    }
    value = graph.node(*layout).outputs[0];
    if (const auto grid = grid_of(shape_of(graph, value), rows)) {
      return grid;
    }
  }
  return std::nullopt;
}

Grid grid_of_rows(const Shape& rows) {
  Grid grid{rows[0], 1, 1};
  grid.h = rows.rank() > 2 ? rows[1] : 1;
  for (int axis = 2; axis + 1 < rows.rank(); ++axis) {
    grid.w *= rows[axis];
  }
  return grid;
}

/// Grids worth trying: the first in front, the first behind, and that of the rows themselves.
std::vector<Grid> grids_of(const Graph& graph, const Region& region) {
  std::vector<Grid> grids;
  const auto add = [&grids](std::optional<Grid> grid) {
    if (grid && std::find(grids.begin(), grids.end(), *grid) == grids.end()) {
      grids.push_back(*grid);
    }
  };
  for (const NodeId id : region) {
    const std::vector<std::size_t> rows = row_inputs(graph, id).value();
    for (const std::size_t input : rows) {
      if (grids.empty()) {
        add(grid_behind(graph, graph.node(id).inputs[input]));
      }
    }
  }
  std::optional<Grid> ahead;
  for (auto it = region.rbegin(); it != region.rend() && !ahead; ++it) {
    ahead = grid_ahead(graph, graph.node(*it).outputs[0]);
  }
  add(ahead);
  add(grid_of_rows(shape_of(graph, graph.node(region.front()).outputs[0])));
  return grids;
}

/// Writes a region on maps.
class RegionWriter {
 public:
  RegionWriter(Graph& graph, const Region& region, Grid grid)
      : graph_(graph), members_(region.begin(), region.end()), grid_(grid) {}

  void write() {
    const std::vector<NodeId> order(graph_.order().begin(), graph_.order().end());
    for (const NodeId id : order) {
      if (members_.contains(id)) {
        write(id);
      }
    }
  }

 private:
  void write(NodeId id) {
    const Node node = graph_.node(id);
    std::vector<ValueId> maps(node.inputs.size(), kNoValue);
    const std::vector<std::size_t> rows = row_inputs(graph_, id).value();
    for (const std::size_t input : rows) {
      maps[input] = map_of(node.inputs[input], id);
    }
    const ValueId map = insert_on_maps(graph_, id, maps, kName);
    maps_.emplace(node.outputs[0], map);
    if (is_read_as_rows(node.outputs[0])) {
      become_rows(id, map);
    }
  }

  [[nodiscard]] bool is_read_as_rows(ValueId value) const {
    const auto users = graph_.users(value);
    return graph_.is_output(value) || std::any_of(users.begin(), users.end(), [&](NodeId user) {
             return !members_.contains(user);
           });
  }

  /// `value` as a map, in front of `position`.
  ValueId map_of(ValueId value, NodeId position) {
    const auto known = maps_.find(value);
    if (known != maps_.end()) {
      return known->second;
    }
    const std::string name = derived_name(graph_.value(value).name, kName);
    const Shape last{grid_.n, grid_.h, grid_.w, shape_of(graph_, value)[-1]};
    const ValueId shape = add_ints(graph_, name + "/shape", last.extents());
    const ValueId spread = insert_before(graph_, position, name, "Reshape", {value, shape}, {});
    const ValueId map = insert_before(graph_,
                                      position,
                                      name,
                                      "Transpose",
                                      {spread},
                                      {{"perm", std::vector<std::int64_t>{0, 3, 1, 2}}});
    maps_.emplace(value, map);
    return map;
  }

  /// Lets `id` bring `map` back to the rows that its result is.
  void become_rows(NodeId id, ValueId map) {
    const ValueId result = graph_.node(id).outputs[0];
    const std::string name = derived_name(graph_.value(result).name, kName);
    const ValueId last = insert_before(
        graph_, id, name, "Transpose", {map}, {{"perm", std::vector<std::int64_t>{0, 2, 3, 1}}});
    const ValueId shape = add_ints(graph_, name + "/shape", shape_of(graph_, result).extents());
    replace_node(graph_, id, "Reshape", {last, shape}, {});
  }

  Graph& graph_;
  std::set<NodeId> members_;
  Grid grid_;
  std::map<ValueId, ValueId> maps_;
};

/// `graph` with the region on maps and the layouts around it merged.
Graph carried(Graph graph, const Region& region, Grid grid) {
  RegionWriter(graph, region, grid).write();
  graph.remove_dead_nodes();
  return merge_layouts(std::move(graph));
}

}  // namespace

Graph carry_rows_as_maps(Graph graph) {
  graph.remove_dead_nodes();  // so that what one region makes dead is its own
  const std::vector<Region> regions = RegionFinder(graph).find();
  if (regions.empty()) {
    return graph;
  }
  for (const Region& region : regions) {
    const Graph before = graph;
    for (const Grid& grid : grids_of(before, region)) {
      Graph trial = carried(before, region, grid);
      if (fits_better(trial, graph)) {
        graph = std::move(trial);
      }
    }
  }
  return graph;
}

}  // namespace mtmi::passes
