// The minimum cut of a directed graph with capacities (Dinic 1970).
#pragma once

#include <cstdint>
#include <vector>

namespace mtmi::split {

/// A flow network on vertices 0 .. n-1. Add edges, then ask once.
class FlowNetwork {
 public:
  static constexpr std::int64_t kInfinite = INT64_MAX / 4;

  explicit FlowNetwork(int num_vertices) : adjacent_(static_cast<std::size_t>(num_vertices)) {}

  int add_vertex();
  void add_edge(int from, int to, std::int64_t capacity);

  /// Per vertex, whether it lies on the source's side of a minimum cut: of all minimum cuts the one
  /// closest to the sink. Pre: some path from `source` to `sink` has finite capacity on every way.
  [[nodiscard]] std::vector<bool> source_side(int source, int sink);

 private:
  struct Edge {
    int to = 0;
    std::int64_t capacity = 0;
    std::size_t reverse = 0;  // index of the opposite edge in adjacent_[to]
  };

  bool build_levels(int source, int sink);
  std::int64_t push(int vertex, int sink, std::int64_t limit);

  std::vector<std::vector<Edge>> adjacent_;
  std::vector<int> level_;
  std::vector<std::size_t> next_;
};

}  // namespace mtmi::split
