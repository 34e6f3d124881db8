#include "mtmi/quant/calibrator.h"

#include <cmath>
#include <optional>
#include <set>
#include <system_error>

#include <fmt/core.h>

#include "mtmi/core/file.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/core/log.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/error.h"
#include "mtmi/quant/histogram_counter.h"

namespace mtmi::quant {
namespace {

using Clock = std::chrono::steady_clock;
using ImageCounts = std::map<std::string, std::uint64_t, std::less<>>;

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::InvalidModel, "quant::observe_images", what);
}

std::string describe(const NonFinite& found) {
  return fmt::format("{} at element {}",
                     std::isnan(found.value) ? "NaN"
                     : found.value > 0       ? "+infinity"
                                             : "-infinity",
                     found.index);
}

/// Counts the tensors of one image after the other.
class Calibrator {
 public:
  explicit Calibrator(Observations observations) : observations_(std::move(observations)) {}

  void add(CalibrationImages& images, std::size_t i, const std::string& digest) {
    std::set<std::string_view> missing;
    for (const auto& [name, histogram] : observations_.tensors) {
      missing.insert(name);
    }
    images.run(i, [&](std::string_view name, const Tensor& tensor) {
      if (const auto it = missing.find(name); it != missing.end()) {
        missing.erase(it);
        count(name, tensor);
      }
    });
    if (!missing.empty()) {
      refuse(fmt::format("tensor '{}' was not computed", *missing.begin()));
    }
    ++observations_.images[digest];
  }

  [[nodiscard]] const Observations& observations() const noexcept { return observations_; }

  [[nodiscard]] Observations take() { return std::move(observations_); }

 private:
  void count(std::string_view name, const Tensor& tensor) {
    Histogram& histogram = observations_.tensors.find(name)->second;
    if (const auto found = counter_.count(tensor.data<float>(), histogram)) {
      refuse(fmt::format("tensor '{}' holds {}: no scale stands for it", name, describe(*found)));
    }
  }

  Observations observations_;
  HistogramCounter counter_;
};

Observations nothing_seen(const std::vector<std::string>& tensors, const std::string& context) {
  require_memory(tensors.size() * Histogram::kBins * sizeof(std::uint64_t),
                 fmt::format("the histograms of {} tensors", tensors.size()));
  Observations observations;
  observations.context = context;
  for (const std::string& name : tensors) {
    observations.tensors.try_emplace(name);
  }
  return observations;
}

/// Why the observations cannot be continued; empty if they can.
std::string find_difference(const Observations& stored,
                            const Observations& wanted,
                            CalibrationImages& images) {
  if (stored.context != wanted.context) {
    return "it belongs to another network, preprocessing or machine";
  }
  const auto same_name = [](const auto& a, const auto& b) { return a.first == b.first; };
  if (!std::equal(stored.tensors.begin(),
                  stored.tensors.end(),
                  wanted.tensors.begin(),
                  wanted.tensors.end(),
                  same_name)) {
    return "it is about other tensors";
  }
  ImageCounts left = stored.images;
  for (std::size_t i = 0; i < images.size() && !left.empty(); ++i) {
    const auto it = left.find(images.digest(i));
    if (it != left.end() && --it->second == 0) {
      left.erase(it);
    }
  }
  return left.empty() ? "" : "it holds images that are not among those given now";
}

/// What the state file holds for this work; `wanted` where that is nothing.
Observations take_up(const std::filesystem::path& path,
                     Observations wanted,
                     CalibrationImages& images) {
  std::error_code error;
  if (path.empty() || !std::filesystem::exists(path, error)) {
    return wanted;
  }
  std::string reason;
  try {
    Observations stored = decode_observations(MappedFile(path).bytes());
    reason = find_difference(stored, wanted, images);
    if (reason.empty()) {
      log_info(fmt::format(
          "{}: goes on behind {} of {} images", path.string(), stored.num_images(), images.size()));
      return stored;
    }
  } catch (const Error& e) {
    reason = e.what();
  }
  log_warning(fmt::format(
      "{}: not used, calibration starts with the first image: {}", path.string(), reason));
  return wanted;
}

void save(const Observations& observations, const std::filesystem::path& path) {
  if (!path.empty() && !observations.images.empty()) {
    write_file(path, encode(observations));
  }
}

}  // namespace

Observations observe_images(CalibrationImages& images,
                            const std::vector<std::string>& tensors,
                            const std::string& context,
                            const CalibratorOptions& options) {
  Observations start = take_up(options.state_file, nothing_seen(tensors, context), images);
  ImageCounts finished = start.images;  // each stands for one image that need not run
  Calibrator calibrator(std::move(start));
  Clock::time_point saved = Clock::now();
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (interrupted()) {
      save(calibrator.observations(), options.state_file);
      check_interrupt();
    }
    try {
      const std::string digest = images.digest(i);
      const auto it = finished.find(digest);
      if (it != finished.end() && it->second > 0) {
        --it->second;
      } else {
        calibrator.add(images, i, digest);
      }
    } catch (const Error& e) {
      throw e.with_context(images.name(i));
    }
    if (options.progress) {
      options.progress(i + 1);
    }
    if (Clock::now() - saved >= options.save_every) {
      save(calibrator.observations(), options.state_file);
      saved = Clock::now();
    }
  }
  return calibrator.take();
}

void remove_state(const std::filesystem::path& state_file) noexcept {
  std::error_code ignored;
  std::filesystem::remove(state_file, ignored);
}

}  // namespace mtmi::quant
