#include "mtmi/report/pipeline_layout.h"

#include <algorithm>
#include <utility>

namespace mtmi::report {
namespace {

constexpr double kBoxRanks = 1.0;
constexpr double kPassingRanks = 0.75;  // its label needs room, too

/// What takes room in a layer: a box, or an arrow on its way past.
struct Slot {
  Place* place = nullptr;
  double ranks = kBoxRanks;
  double wanted = 0.0;  // the mean rank of where it comes from
};

std::vector<Route> routes_of(const Report& report) {
  std::vector<Route> routes;
  for (const HandOff& hand_off : report.hand_offs) {
    auto route = std::find_if(routes.begin(), routes.end(), [&](const Route& other) {
      return other.from == hand_off.from && other.to == hand_off.to;
    });
    if (route == routes.end()) {
      routes.push_back({.from = hand_off.from, .to = hand_off.to, .via = {}});
      route = routes.end() - 1;
    }
    ++route->tensors;
    route->bytes += hand_off.bytes;
  }
  return routes;
}

void choose_layers(const Report& report, PipelineLayout& layout) {
  layout.boxes["frame"].layer = 0;
  std::size_t last = 0;
  for (const Stage& stage : report.stages) {
    std::size_t layer = 1;
    for (const Route& route : layout.routes) {
      const auto from = layout.boxes.find(route.from);
      if (route.to == stage.name && from != layout.boxes.end()) {
        layer = std::max(layer, from->second.layer + 1);
      }
    }
    layout.boxes[stage.name].layer = layer;
    last = std::max(last, layer);
  }
  layout.boxes["result"].layer = last + 1;
  layout.layers = last + 2;
}

/// Drops arrows that do not lead on (a damaged list), and gives the others their layers.
void route_past_boxes(PipelineLayout& layout) {
  std::erase_if(layout.routes, [&](const Route& route) {
    const auto from = layout.boxes.find(route.from);
    const auto to = layout.boxes.find(route.to);
    return from == layout.boxes.end() || to == layout.boxes.end() ||
           from->second.layer >= to->second.layer;
  });
  for (Route& route : layout.routes) {
    const std::size_t end = layout.boxes[route.to].layer;
    for (std::size_t layer = layout.boxes[route.from].layer + 1; layer < end; ++layer) {
      route.via.push_back({.layer = layer});
    }
  }
}

/// The rank from which `route` comes into `layer`.
double rank_before(const PipelineLayout& layout, const Route& route, std::size_t layer) {
  const Place from = layout.boxes.at(route.from);
  return layer == from.layer + 1 ? from.rank : route.via[layer - from.layer - 2].rank;
}

double mean_rank_before(const PipelineLayout& layout, const std::string& box) {
  double sum = 0.0;
  double count = 0.0;
  for (const Route& route : layout.routes) {
    if (route.to == box) {
      sum += rank_before(layout, route, layout.boxes.at(box).layer);
      count += 1.0;
    }
  }
  return count > 0.0 ? sum / count : 0.0;
}

std::vector<Slot> slots_of(const Report& report, PipelineLayout& layout, std::size_t layer) {
  std::vector<Slot> slots;
  const auto add_box = [&](const std::string& name) {
    if (Place& place = layout.boxes[name]; place.layer == layer) {
      slots.push_back(
          {.place = &place, .ranks = kBoxRanks, .wanted = mean_rank_before(layout, name)});
    }
  };
  add_box("frame");
  for (const Stage& stage : report.stages) {
    add_box(stage.name);
  }
  add_box("result");
  for (Route& route : layout.routes) {
    for (Place& place : route.via) {
      if (place.layer == layer) {
        slots.push_back(
            {.place = &place, .ranks = kPassingRanks, .wanted = rank_before(layout, route, layer)});
      }
    }
  }
  return slots;
}

}  // namespace

PipelineLayout lay_out(const Report& report) {
  PipelineLayout layout;
  layout.routes = routes_of(report);
  choose_layers(report, layout);
  route_past_boxes(layout);
  for (std::size_t layer = 0; layer < layout.layers; ++layer) {
    std::vector<Slot> slots = slots_of(report, layout, layer);
    std::stable_sort(slots.begin(), slots.end(), [](const Slot& a, const Slot& b) {
      return a.wanted < b.wanted;
    });
    double taken = 0.0;
    for (const Slot& slot : slots) {
      taken += slot.ranks;
    }
    double at = -taken / 2.0;
    for (const Slot& slot : slots) {
      slot.place->rank = at + slot.ranks / 2.0;
      at += slot.ranks;
    }
    layout.ranks = std::max(layout.ranks, taken);
  }
  return layout;
}

}  // namespace mtmi::report
