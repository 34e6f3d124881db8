#include "mtmi/runtime/frame.h"

#include <utility>

namespace mtmi::runtime {

void ReturnResult::operator()(FrameResult* result) const noexcept {
  pool->give_back(std::unique_ptr<FrameResult>(result));
}

std::shared_ptr<ResultPool> ResultPool::make(const Plan& plan,
                                             std::vector<bool> wanted,
                                             std::size_t count) {
  std::shared_ptr<ResultPool> pool(new ResultPool(plan, std::move(wanted)));
  for (std::size_t i = 0; i < count; ++i) {
    pool->free_.push_back(pool->make_result(true));
  }
  pool->num_made_ = count;
  return pool;
}

ResultPool::ResultPool(const Plan& plan, std::vector<bool> wanted)
    : num_stages_(plan.stages.size()) {
  for (std::size_t i = 0; i < plan.results.size(); ++i) {
    const TensorDesc& desc = plan.edges[plan.results[i].edge].desc;
    kinds_.push_back({.dtype = desc.dtype,
                      .shape = desc.shape,
                      .scale = desc.scale,
                      .wanted = wanted.empty() || wanted[i]});
  }
}

ResultPool::~ResultPool() = default;

std::unique_ptr<FrameResult> ResultPool::make_result(bool with_tensors) const {
  auto result = std::make_unique<FrameResult>();
  result->stages.resize(num_stages_);
  result->outputs.resize(kinds_.size());
  for (std::size_t i = 0; i < kinds_.size(); ++i) {
    result->outputs[i].scale = kinds_[i].scale;
    if (with_tensors && kinds_[i].wanted) {
      result->outputs[i].tensor = Tensor(kinds_[i].dtype, kinds_[i].shape);
    }
  }
  return result;
}

ResultLease ResultPool::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      ResultLease lease(free_.back().release(), {shared_from_this()});
      free_.pop_back();
      return lease;
    }
    // Room for every result that is out, so that giving back never allocates.
    free_.reserve(++num_made_);
  }
  try {
    return {make_result(true).release(), {shared_from_this()}};
  } catch (const Error& error) {
    ResultLease bare(make_result(false).release(), {shared_from_this()});
    bare->error = error;
    return bare;
  }
}

void ResultPool::give_back(std::unique_ptr<FrameResult> result) noexcept {
  result->status = FrameStatus::Done;
  result->late = false;
  result->error.reset();
  result->fill = {};
  for (StageTime& stage : result->stages) {
    stage = {};
  }
  bool bare = false;
  for (std::size_t i = 0; i < kinds_.size(); ++i) {
    result->outputs[i].valid = false;
    bare = bare || (kinds_[i].wanted && result->outputs[i].tensor.shape() != kinds_[i].shape);
  }
  const std::lock_guard lock(mutex_);
  if (bare) {
    --num_made_;
  } else {
    free_.push_back(std::move(result));
  }
}

}  // namespace mtmi::runtime
