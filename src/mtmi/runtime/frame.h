// What goes into a pipeline and what comes out of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "mtmi/device/event.h"
#include "mtmi/error.h"
#include "mtmi/plan/plan.h"
#include "mtmi/tensor.h"

namespace mtmi::runtime {

/// Writes the data of a frame where its stages read it: one span per frame_inputs(plan), in the
/// format of the edge. Called once, on a thread of the pipeline. May throw.
using FillFrame = std::function<void(std::span<const std::span<std::byte>> inputs)>;

struct Frame {
  std::uint64_t id = 0;  ///< the caller's
  /// When it was taken [ns on the pipeline's clock]; nothing: when it is submitted.
  std::optional<std::int64_t> capture_ns;
  FillFrame fill;
};

enum class FrameStatus : std::uint8_t { Done, Failed, Dropped };

/// What a stage did for one frame.
struct StageTime {
  bool ran = false;  ///< false: not its turn, off, or not finished
  Timing timing;
};

/// One of plan.results.
struct FrameOutput {
  Tensor tensor;       ///< row-major; overwritten by a later frame once the lease has ended
  float scale = 0.0F;  ///< Int8: real value of one step
  bool valid = false;  ///< false: its head did not run for this frame, or nobody wants it
};

struct FrameResult {
  std::uint64_t ticket = 0;
  std::uint64_t id = 0;
  std::int64_t capture_ns = 0;
  FrameStatus status = FrameStatus::Done;
  bool late = false;           ///< done, but behind its deadline
  std::optional<Error> error;  ///< the first, in the order of the stages
  Timing fill;
  std::vector<StageTime> stages;     ///< by plan.stages
  std::vector<FrameOutput> outputs;  ///< by plan.results
};

class ResultPool;

/// Gives a result back to the pool that it came from.
struct ReturnResult {
  std::shared_ptr<ResultPool> pool;  // results may outlive the pipeline
  void operator()(FrameResult* result) const noexcept;
};

using ResultLease = std::unique_ptr<FrameResult, ReturnResult>;

/// Results with their tensors, used again and again. Thread-safe.
class ResultPool : public std::enable_shared_from_this<ResultPool> {
 public:
  /// `wanted`, by plan.results, says which tensors results have. Makes `count` results.
  /// Throws Error(OutOfMemory).
  static std::shared_ptr<ResultPool> make(const Plan& plan,
                                          std::vector<bool> wanted,
                                          std::size_t count);
  ResultPool(const ResultPool&) = delete;
  ResultPool& operator=(const ResultPool&) = delete;
  ~ResultPool();

  /// A blank result. Allocates only when more are out than ever before; when that fails, the result
  /// has no tensors, and the error.
  [[nodiscard]] ResultLease take();

 private:
  friend struct ReturnResult;

  ResultPool(const Plan& plan, std::vector<bool> wanted);
  [[nodiscard]] std::unique_ptr<FrameResult> make_result(bool with_tensors) const;
  void give_back(std::unique_ptr<FrameResult> result) noexcept;

  struct Kind {
    DType dtype;
    Shape shape;
    float scale;
    bool wanted;
  };

  std::size_t num_stages_;
  std::vector<Kind> kinds_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<FrameResult>> free_;
  std::size_t num_made_ = 0;
};

}  // namespace mtmi::runtime
