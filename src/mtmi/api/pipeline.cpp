#include "mtmi/pipeline.h"

#include <algorithm>
#include <utility>

#include "mtmi/api/bundle_impl.h"
#include "mtmi/api/bundle_plan.h"
#include "mtmi/api/frame_feeder.h"
#include "mtmi/api/registry.h"
#include "mtmi/bundle/target_file.h"
#include "mtmi/core/file.h"
#include "mtmi/runtime/pipeline.h"
#include "mtmi/runtime/trace.h"

namespace mtmi {

/// Where to find the tensors of a head in a result.
struct Result::Names {
  struct Place {
    std::string head;
    std::size_t output = 0;
    std::optional<std::size_t> before_tail;
  };

  std::vector<Place> places;

  explicit Names(const Plan& plan);

  [[nodiscard]] const Place& find(std::string_view head) const {
    const auto place = std::find_if(
        places.begin(), places.end(), [head](const Place& p) { return p.head == head; });
    if (place == places.end()) {
      std::string known;
      for (const Place& p : places) {
        known += (known.empty() ? "" : ", ") + p.head;
      }
      throw Error(ErrorCode::InvalidArgument,
                  "api::Result",
                  "no head '" + std::string(head) + "'; there are: " + known);
    }
    return *place;
  }
};

Result::Names::Names(const Plan& plan) {
  for (std::size_t i = 0; i < plan.results.size(); ++i) {
    if (!plan.results[i].before_tail) {
      places.push_back(
          {.head = plan.results[i].name, .output = i, .before_tail = before_tail_of(plan, i)});
    }
  }
}

Result::Result(runtime::FrameResult* result,
               std::shared_ptr<runtime::ResultPool> pool,
               std::shared_ptr<const Names> names) noexcept
    : result_(result), pool_(std::move(pool)), names_(std::move(names)) {}

Result::Result(Result&& other) noexcept
    : result_(std::exchange(other.result_, nullptr)),
      pool_(std::move(other.pool_)),
      names_(std::move(other.names_)) {}

Result& Result::operator=(Result&& other) noexcept {
  if (this != &other) {
    give_back();
    result_ = std::exchange(other.result_, nullptr);
    pool_ = std::move(other.pool_);
    names_ = std::move(other.names_);
  }
  return *this;
}

Result::~Result() {
  give_back();
}

void Result::give_back() noexcept {
  if (result_ != nullptr) {
    runtime::ReturnResult{std::move(pool_)}(std::exchange(result_, nullptr));
  }
}

std::uint64_t Result::id() const noexcept {
  return result_->id;
}

ResultStatus Result::status() const noexcept {
  switch (result_->status) {
    case runtime::FrameStatus::Failed:
      return ResultStatus::Failed;
    case runtime::FrameStatus::Dropped:
      return ResultStatus::Dropped;
    case runtime::FrameStatus::Done:
      break;
  }
  return ResultStatus::Done;
}

bool Result::late() const noexcept {
  return result_->late;
}

const std::optional<Error>& Result::error() const noexcept {
  return result_->error;
}

const Tensor* Result::find(std::string_view head) const {
  const runtime::FrameOutput& output = result_->outputs[names_->find(head).output];
  return output.valid ? &output.tensor : nullptr;
}

const Tensor& Result::tensor(std::string_view head) const {
  if (const Tensor* found = find(head)) {
    return *found;
  }
  if (result_->error) {
    throw Error(*result_->error);
  }
  throw Error(ErrorCode::InvalidArgument,
              "api::Result",
              "head '" + std::string(head) + "' did not run for frame " + std::to_string(id()));
}

const Tensor* Result::before_tail(std::string_view head) const {
  const std::optional<std::size_t> place = names_->find(head).before_tail;
  return place && result_->outputs[*place].valid ? &result_->outputs[*place].tensor : nullptr;
}

StageTime Result::stage_time(std::size_t stage) const {
  const runtime::StageTime& time = result_->stages.at(stage);
  return {.ran = time.ran, .start_ns = time.timing.start_ns, .end_ns = time.timing.end_ns};
}

StageTime Result::fill_time() const noexcept {
  return {.ran = true, .start_ns = result_->fill.start_ns, .end_ns = result_->fill.end_ns};
}

namespace {

Target target_of(const Target& own, const PipelineOptions& options) {
  if (options.target.empty()) {
    return own;
  }
  return bundle::read_target(options.target, [](const std::string& name, const auto& settings) {
    runtime::require_device(built_in_registry(), name, settings);
  });
}

runtime::PipelineOptions options_of(const Target& target,
                                    const Plan& plan,
                                    const PipelineOptions& options) {
  runtime::PipelineOptions runtime_options;
  runtime_options.policy = target.policy;
  runtime_options.queue = static_cast<std::size_t>(std::max(1, target.queue));
  if (target.deadline_ms) {
    runtime_options.deadline = std::chrono::milliseconds(*target.deadline_ms);
  }
  if (target.freshness_ms) {
    runtime_options.freshness = std::chrono::milliseconds(*target.freshness_ms);
  }
  runtime_options.serial = options.serial;
  runtime_options.check_frames = options.check_frames;
  for (const PlanResult& result : plan.results) {
    runtime_options.wanted.push_back(!result.before_tail || options.before_tails);
  }
  return runtime_options;
}

runtime::EngineSource engines_in(const std::filesystem::path& folder) {
  return [folder](const std::string& engine) {
    const MappedFile file(folder / engine);
    return runtime::EngineBytes{.bytes = file.bytes(), .owner = file.owner()};
  };
}

}  // namespace

struct Pipeline::Impl {
  Plan plan;
  std::shared_ptr<const Result::Names> names;
  FrameFeeder feeder;
  std::vector<StageInfo> stages;
  std::shared_ptr<runtime::TraceRecorder> trace;  // shared with the runtime
  std::optional<runtime::Pipeline> pipeline;      // last: ends before what its threads use

  Impl(const Bundle& bundle, const Target& target, std::optional<ImageFit> fit)
      : plan(plan_of(bundle.impl_->manifest, target)),
        names(std::make_shared<const Result::Names>(plan)),
        feeder(plan, bundle.impl_->card, fit) {
    for (const Stage& stage : plan.stages) {
      stages.push_back({.name = stage.name, .device = stage.use.device, .head = stage.head});
    }
  }

  static Result wrap(runtime::ResultLease lease,
                     const std::shared_ptr<const Result::Names>& names) {
    std::shared_ptr<runtime::ResultPool> pool = lease.get_deleter().pool;
    return {lease.release(), std::move(pool), names};
  }
};

Pipeline::Pipeline(const Bundle& bundle, PipelineOptions options) {
  const Target target = target_of(bundle.impl_->target, options);
  impl_ = std::make_unique<Impl>(bundle, target, options.fit);
  runtime::PipelineOptions runtime_options = options_of(target, impl_->plan, options);
  if (options.trace) {
    impl_->trace =
        std::make_shared<runtime::TraceRecorder>(impl_->plan, bundle.impl_->manifest.source_hash);
    runtime_options.trace = impl_->trace;
  }
  if (options.on_result) {
    runtime_options.on_result = [names = impl_->names, on_result = std::move(options.on_result)](
                                    runtime::ResultLease lease) {
      on_result(Impl::wrap(std::move(lease), names));
    };
  }
  impl_->pipeline.emplace(impl_->plan,
                          std::make_shared<runtime::DeviceSet>(built_in_registry(), target.devices),
                          engines_in(bundle.impl_->folder),
                          std::move(runtime_options));
}

Pipeline::~Pipeline() = default;

Ticket Pipeline::submit(Frame frame) {
  impl_->feeder.check(frame);
  runtime::Frame inner;
  inner.id = frame.id;
  if (frame.capture_time) {
    inner.capture_ns =
        std::chrono::duration_cast<std::chrono::nanoseconds>(frame.capture_time->time_since_epoch())
            .count();
  }
  inner.fill = [feeder = &impl_->feeder, frame = std::move(frame)](
                   std::span<const std::span<std::byte>> inputs) { feeder->fill(frame, inputs); };
  return {impl_->pipeline->submit(std::move(inner))};
}

std::optional<Result> Pipeline::wait(Ticket ticket, std::chrono::nanoseconds timeout) {
  runtime::ResultLease lease = impl_->pipeline->wait(ticket.number, timeout);
  if (lease == nullptr) {
    return std::nullopt;
  }
  return Impl::wrap(std::move(lease), impl_->names);
}

void Pipeline::drain() {
  impl_->pipeline->drain();
}

const std::vector<StageInfo>& Pipeline::stages() const noexcept {
  return impl_->stages;
}

PipelineCounts Pipeline::counts() const noexcept {
  const runtime::PipelineCounters counters = impl_->pipeline->counters();
  return {.done = counters.done,
          .failed = counters.failed,
          .dropped = counters.dropped,
          .late = counters.late};
}

std::size_t Pipeline::depth() const noexcept {
  return impl_->plan.slots;
}

void Pipeline::write_trace(const std::filesystem::path& path) const {
  if (impl_->trace == nullptr) {
    throw Error(ErrorCode::InvalidArgument,
                "api::Pipeline",
                "no timeline was collected: PipelineOptions::trace is off");
  }
  impl_->trace->write(path);
}

}  // namespace mtmi
