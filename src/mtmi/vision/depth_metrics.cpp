#include "mtmi/vision/depth_metrics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "mtmi/core/assert.h"

namespace mtmi::vision {
namespace {

/// One step of a depth image: nearer truths would overflow the sums, and do not occur in files.
constexpr float kSmallestTruth = 1.0F / 256.0F;

}  // namespace

void DepthErrors::add(std::span<const float> truth, std::span<const float> predicted, float cap) {
  MTMI_ASSERT(truth.size() == predicted.size());
  MTMI_ASSERT(cap >= 1.0F && cap <= kLargestDepthCap);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (!(truth[i] >= kSmallestTruth && truth[i] <= cap)) {
      continue;
    }
    const auto t = static_cast<double>(truth[i]);
    // The order of the comparison brings NaN to the nearest depth.
    const auto p = static_cast<double>(predicted[i] > kNearestDepth ? std::min(predicted[i], cap)
                                                                    : kNearestDepth);
    const double difference = p - t;
    const double log_difference = std::log(p / t);
    ++pixels;
    abs_rel.add(std::abs(difference) / t);
    sq_rel.add(difference * difference / t);
    squared.add(difference * difference);
    log_squared.add(log_difference * log_difference);
    log.add(log_difference);
    const double ratio = std::max(p / t, t / p);
    double threshold = 1.25;
    for (std::uint64_t& count : close) {
      count += ratio < threshold ? 1U : 0U;
      threshold *= 1.25;
    }
  }
}

DepthErrors& DepthErrors::operator+=(const DepthErrors& other) noexcept {
  pixels += other.pixels;
  abs_rel += other.abs_rel;
  sq_rel += other.sq_rel;
  squared += other.squared;
  log_squared += other.log_squared;
  log += other.log;
  for (std::size_t k = 0; k < close.size(); ++k) {
    close[k] += other.close[k];
  }
  return *this;
}

DepthMetrics depth_metrics(const DepthErrors& errors) {
  if (errors.pixels == 0) {
    return {};
  }
  const auto pixels = static_cast<double>(errors.pixels);
  const double log_squared = errors.log_squared.value() / pixels;
  const double log_mean = errors.log.value() / pixels;
  DepthMetrics metrics;
  metrics.abs_rel = errors.abs_rel.value() / pixels;
  metrics.sq_rel = errors.sq_rel.value() / pixels;
  metrics.rmse = std::sqrt(errors.squared.value() / pixels);
  metrics.rmse_log = std::sqrt(log_squared);
  // Rounding may bring the variance of equal terms below 0.
  metrics.si_log = 100.0 * std::sqrt(std::max(0.0, log_squared - log_mean * log_mean));
  for (std::size_t k = 0; k < metrics.delta.size(); ++k) {
    metrics.delta[k] = static_cast<double>(errors.close[k]) / pixels;
  }
  return metrics;
}

DepthMetrics mean_depth_metrics(std::span<const DepthErrors> images) {
  DepthMetrics mean;
  int count = 0;
  for (const DepthErrors& image : images) {
    if (image.pixels == 0) {
      continue;
    }
    const DepthMetrics one = depth_metrics(image);
    ++count;
    mean.abs_rel += one.abs_rel;
    mean.sq_rel += one.sq_rel;
    mean.rmse += one.rmse;
    mean.rmse_log += one.rmse_log;
    mean.si_log += one.si_log;
    for (std::size_t k = 0; k < mean.delta.size(); ++k) {
      mean.delta[k] += one.delta[k];
    }
  }
  const double divisor = std::max(count, 1);
  for (double* value : {&mean.abs_rel, &mean.sq_rel, &mean.rmse, &mean.rmse_log, &mean.si_log}) {
    *value /= divisor;
  }
  for (double& value : mean.delta) {
    value /= divisor;
  }
  return mean;
}

}  // namespace mtmi::vision
