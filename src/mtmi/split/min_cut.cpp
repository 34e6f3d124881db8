#include "mtmi/split/min_cut.h"

#include <algorithm>

namespace mtmi::split {
namespace {

std::size_t at(int vertex) {
  return static_cast<std::size_t>(vertex);
}

}  // namespace

int FlowNetwork::add_vertex() {
  adjacent_.emplace_back();
  return static_cast<int>(adjacent_.size()) - 1;
}

void FlowNetwork::add_edge(int from, int to, std::int64_t capacity) {
  adjacent_[at(from)].push_back(
      {.to = to, .capacity = capacity, .reverse = adjacent_[at(to)].size()});
  adjacent_[at(to)].push_back(
      {.to = from, .capacity = 0, .reverse = adjacent_[at(from)].size() - 1});
}

bool FlowNetwork::build_levels(int source, int sink) {
  level_.assign(adjacent_.size(), -1);
  level_[at(source)] = 0;
  std::vector<int> queue{source};
  for (std::size_t head = 0; head < queue.size(); ++head) {
    for (const Edge& edge : adjacent_[at(queue[head])]) {
      if (edge.capacity > 0 && level_[at(edge.to)] < 0) {
        level_[at(edge.to)] = level_[at(queue[head])] + 1;
        queue.push_back(edge.to);
      }
    }
  }
  return level_[at(sink)] >= 0;
}

std::int64_t FlowNetwork::push(int vertex, int sink, std::int64_t limit) {
  if (vertex == sink) {
    return limit;
  }
  for (std::size_t& i = next_[at(vertex)]; i < adjacent_[at(vertex)].size(); ++i) {
    Edge& edge = adjacent_[at(vertex)][i];
    if (edge.capacity <= 0 || level_[at(edge.to)] != level_[at(vertex)] + 1) {
      continue;
    }
    const std::int64_t pushed = push(edge.to, sink, std::min(limit, edge.capacity));
    if (pushed > 0) {
      edge.capacity -= pushed;
      adjacent_[at(edge.to)][edge.reverse].capacity += pushed;
      return pushed;
    }
  }
  return 0;
}

std::vector<bool> FlowNetwork::source_side(int source, int sink) {
  while (build_levels(source, sink)) {
    next_.assign(adjacent_.size(), 0);
    while (push(source, sink, kInfinite) > 0) {
    }
  }
  // What can still reach the sink lies on its side; all else on the source's.
  std::vector<bool> reaches_sink(adjacent_.size(), false);
  reaches_sink[at(sink)] = true;
  std::vector<int> queue{sink};
  for (std::size_t head = 0; head < queue.size(); ++head) {
    for (const Edge& edge : adjacent_[at(queue[head])]) {
      const bool residual = adjacent_[at(edge.to)][edge.reverse].capacity > 0;
      if (residual && !reaches_sink[at(edge.to)]) {
        reaches_sink[at(edge.to)] = true;
        queue.push_back(edge.to);
      }
    }
  }
  reaches_sink.flip();
  return reaches_sink;
}

}  // namespace mtmi::split
