// Who runs what, and what is handed over: what the runtime executes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mtmi/device/layout.h"

namespace mtmi {

/// An engine and the device that runs it.
struct EngineUse {
  std::string device;  ///< "dla_sim:0"
  std::string engine;  ///< the name by which the bundle knows it
  bool operator==(const EngineUse&) const = default;
};

/// One piece of work per frame: an engine on a device, on a stream of its own.
struct Stage {
  std::string name;  ///< "encoder", "seg", "seg_tail"
  std::string head;  ///< the head that it belongs to; empty for the encoder
  EngineUse use;
  std::optional<EngineUse> stand_by;  ///< same inputs and outputs, another device
  std::vector<TensorDesc> inputs;
  std::vector<TensorDesc> outputs;
  int every = 1;                           ///< runs on every n-th frame
  std::optional<std::int64_t> timeout_ms;  ///< nothing: from the first measured time

  bool operator==(const Stage&) const = default;
};

/// A tensor that is handed over. Every frame slot has one buffer for it.
struct Edge {
  /// Input number `port` of stage number `stage`.
  struct Reader {
    std::size_t stage = 0;
    std::size_t port = 0;
    bool operator==(const Reader&) const = default;
  };

  TensorDesc desc;
  std::optional<std::size_t> producer;  ///< a stage; nothing: the frame itself
  std::size_t port = 0;                 ///< which output of the producer
  std::vector<Reader> readers;
  bool operator==(const Edge&) const = default;
};

/// A tensor that comes out.
struct PlanResult {
  std::string name;  ///< of the head, or of the value where a head has several results
  std::string head;  ///< empty for a feature
  std::size_t edge = 0;
  bool before_tail = false;  ///< what the head's tail reads: for dumps
  bool operator==(const PlanResult&) const = default;
};

/// A plain value: printable, comparable; made by make_plan(), which sees to it that it is sound.
struct Plan {
  std::vector<Stage> stages;  ///< producers before their readers
  std::vector<Edge> edges;
  std::vector<PlanResult> results;
  std::size_t longest_path = 0;  ///< [stages]
  std::size_t slots = 0;         ///< frames under way at a time

  bool operator==(const Plan&) const = default;
};

/// Frame slots beyond the stages of the longest path: one being filled, one being read out.
inline constexpr std::size_t kExtraSlots = 2;

/// Connects `stages` by the names of their inputs and outputs; what no stage makes is an input of
/// the frame. A head's results are the outputs of its last stages; what the stages before hand on
/// to those is a result `before_tail`. `extra_results` are values of stages without a head that are
/// results, too.
///
/// Throws Error(InvalidModel) where two stages make one value, where stages wait for each other in
/// a circle, or where an extra result is not made; Error(Unsupported) where producer and reader do
/// not agree on a tensor (hand_off_mismatch()), or where a stage would wait for more than
/// Stream::kMaxWaits others.
[[nodiscard]] Plan make_plan(std::vector<Stage> stages,
                             const std::vector<std::string>& extra_results = {});

/// The stages that read, directly or not, what `stage` makes; ascending.
[[nodiscard]] std::vector<std::size_t> stages_behind(const Plan& plan, std::size_t stage);

/// The stages that make the inputs of `stage`, each once; ascending.
[[nodiscard]] std::vector<std::size_t> producers_of(const Plan& plan, std::size_t stage);

/// The number of the result that a tail makes result number `result` from; nothing where no tail
/// makes it. A tail that reads several makes its outputs of its inputs in their order, as split
/// cuts it; nothing where it has not as many of both.
[[nodiscard]] std::optional<std::size_t> before_tail_of(const Plan& plan, std::size_t result);

/// The edges that come with a frame.
[[nodiscard]] std::vector<std::size_t> frame_inputs(const Plan& plan);

/// Several lines for people: stages, hand-offs with their formats and bytes, results.
[[nodiscard]] std::string to_string(const Plan& plan);

}  // namespace mtmi
