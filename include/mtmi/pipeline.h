// Runs a bundle: frames in, results out, all devices at work at the same time.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/bundle.h"
#include "mtmi/error.h"
#include "mtmi/export.h"
#include "mtmi/tensor.h"

namespace mtmi {

namespace runtime {
struct FrameResult;
class ResultPool;
}  // namespace runtime

/// 8-bit RGB pixels somewhere in memory, channels interleaved.
struct ImageView {
  const std::uint8_t* data = nullptr;
  int height = 0;
  int width = 0;
  std::size_t row_bytes = 0;  ///< from one row to the next; 0: width * 3
  std::shared_ptr<const void>
      owner;  ///< keeps the pixels where they are; may be empty if they stay
};

/// Input of one pass through the network.
struct Frame {
  std::uint64_t id = 0;  ///< yours; comes back with the result
  std::optional<ImageView> image = {};
  /// By input name, row-major; what `image` does not give.
  std::map<std::string, Tensor> tensors = {};
  /// When it was taken; nothing: when it is submitted.
  std::optional<std::chrono::steady_clock::time_point> capture_time = {};
};

/// What happens to an image of another size than the network's.
enum class ImageFit : std::uint8_t { Refuse, Stretch, Crop, Letterbox };

enum class ResultStatus : std::uint8_t {
  Done,
  Failed,   ///< error() says why; the results of heads that did finish are there
  Dropped,  ///< never begun: the queue's policy or its age
};

struct StageInfo {
  std::string name;    ///< "encoder", "seg", "seg_tail"
  std::string device;  ///< "cpu:0"
  std::string head;    ///< empty for the encoder
};

/// When a stage worked on a frame.
struct StageTime {
  bool ran = false;           ///< false: not its turn (a divisor), off, or failed
  std::int64_t start_ns = 0;  ///< [ns] on std::chrono::steady_clock
  std::int64_t end_ns = 0;    ///< the same
};

/// What came out for one frame. Movable. Its tensors are used again when it is gone: clone() what
/// is to outlive it.
class MTMI_API Result {
 public:
  Result(Result&&) noexcept;
  Result& operator=(Result&&) noexcept;
  ~Result();

  [[nodiscard]] std::uint64_t id() const noexcept;
  [[nodiscard]] ResultStatus status() const noexcept;
  /// Done, but behind the target's deadline.
  [[nodiscard]] bool late() const noexcept;
  /// Why it failed.
  [[nodiscard]] const std::optional<Error>& error() const noexcept;

  /// The tensor of Bundle::heads()[i].name == `head`; nullptr if the head did not run for this
  /// frame. Throws Error(InvalidArgument) if there is no such head.
  [[nodiscard]] const Tensor* find(std::string_view head) const;
  /// find(); where there is none, throws error(), or Error(InvalidArgument) if it was not its turn.
  [[nodiscard]] const Tensor& tensor(std::string_view head) const;
  /// HeadInfo::before_tail as its tail was given it; nullptr without a tail, or if
  /// PipelineOptions::before_tails is off. Throws as find().
  [[nodiscard]] const Tensor* before_tail(std::string_view head) const;

  /// Pre: stage < Pipeline::stages().size().
  [[nodiscard]] StageTime stage_time(std::size_t stage) const;
  /// When its inputs were written: preprocessing.
  [[nodiscard]] StageTime fill_time() const noexcept;

 private:
  friend class Pipeline;  // makes them
  struct Names;

  Result(runtime::FrameResult* result,
         std::shared_ptr<runtime::ResultPool> pool,
         std::shared_ptr<const Names> names) noexcept;
  void give_back() noexcept;

  runtime::FrameResult* result_;
  std::shared_ptr<runtime::ResultPool> pool_;  // where result_ goes back to
  std::shared_ptr<const Names> names_;         // shared by all results of a pipeline
};

struct PipelineOptions {
  std::string target = {};           ///< a built-in name or a file; empty: the bundle's own
  std::optional<ImageFit> fit = {};  ///< nothing: as the model card says
  bool before_tails = false;         ///< results also have what the tails read
  bool serial = false;               ///< one stage at a time: to compare with
  bool check_frames = false;         ///< checks of every frame that no buffer is used out of turn
  bool trace = false;                ///< collect a timeline for write_trace()
  /// If set, results go there, in order, on a thread of the pipeline; wait() is not used then.
  std::function<void(Result)> on_result = {};
};

/// Names a submitted frame.
struct Ticket {
  std::uint64_t number = 0;
};

/// Frames that a pipeline has ended.
struct PipelineCounts {
  std::int64_t done = 0;
  std::int64_t failed = 0;
  std::int64_t dropped = 0;
  std::int64_t late = 0;
};

/// A loaded bundle at work. Thread-safe.
class MTMI_API Pipeline {
 public:
  /// Opens the devices and loads the engines. Throws Error(Unsupported) if the target wants devices
  /// that the bundle has no engines for, and what the devices throw.
  Pipeline(const Bundle& bundle, PipelineOptions options);
  /// Ends the frames under way; those that wait are dropped.
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  /// Queues a frame; blocks while the queue is full, if the target's policy is to block.
  /// Throws Error(InvalidArgument) if an input is missing, unknown, or of another type or shape.
  Ticket submit(Frame frame);
  /// The result of a frame, once; nothing if it has not come within `timeout`.
  /// Throws Error(InvalidArgument) for a ticket that is unknown or was fetched.
  [[nodiscard]] std::optional<Result> wait(Ticket ticket, std::chrono::nanoseconds timeout);
  /// Returns when every frame submitted so far has its result.
  void drain();

  [[nodiscard]] const std::vector<StageInfo>& stages() const noexcept;
  [[nodiscard]] PipelineCounts counts() const noexcept;
  /// Frames that can be under way at a time.
  [[nodiscard]] std::size_t depth() const noexcept;
  /// The timeline so far as a Chrome trace. Throws Error(Io); Error(InvalidArgument) without
  /// PipelineOptions::trace.
  void write_trace(const std::filesystem::path& path) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mtmi
