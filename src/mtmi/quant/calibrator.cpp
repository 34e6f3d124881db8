#include "mtmi/quant/calibrator.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <span>
#include <system_error>
#include <type_traits>
#include <utility>

#include <fmt/core.h>

#include "mtmi/core/assert.h"
#include "mtmi/core/file.h"
#include "mtmi/core/half.h"
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

template <class T>
std::vector<float> to_floats(std::span<const T> values) {
  std::vector<float> floats(values.size());
  std::transform(values.begin(), values.end(), floats.begin(), [](T value) {
    if constexpr (std::is_arithmetic_v<T>) {
      return static_cast<float>(value);
    } else {
      return to_float(value);
    }
  });
  return floats;
}

/// The elements of a tensor that is not of Float32. Pre: it is of another type of floating point.
std::vector<float> to_floats(const Tensor& tensor) {
  switch (tensor.dtype()) {
    case DType::Float16:
      return to_floats(tensor.data<Float16>());
    case DType::BFloat16:
      return to_floats(tensor.data<BFloat16>());
    default:
      return to_floats(tensor.data<double>());
  }
}

/// Counts the tensors of one image after the other.
class Calibrator {
 public:
  explicit Calibrator(Observations observations) : observations_(std::move(observations)) {}

  /// Counts what is not yet counted of image `i`. If that ends in an error, the observations say
  /// how far it came.
  void add(CalibrationImages& images, std::size_t i, const std::string& digest) {
    if (!observations_.begun) {
      observations_.begun = BegunImage{.digest = digest, .counted = {}};
    }
    MTMI_ASSERT(observations_.begun->digest == digest);
    auto& counted = observations_.begun->counted;
    images.run(i, [&](std::string_view name, const Tensor& tensor) {
      const auto it = observations_.tensors.find(name);
      if (it != observations_.tensors.end() && !counted.contains(name)) {
        count(name, tensor, it->second);
        counted.emplace(name);
      }
    });
    for (const auto& [name, histogram] : observations_.tensors) {
      if (!counted.contains(name)) {
        refuse(fmt::format("tensor '{}' was not computed", name));
      }
    }
    observations_.begun.reset();
    ++observations_.images[digest];
  }

  [[nodiscard]] const Observations& observations() const noexcept { return observations_; }

  [[nodiscard]] Observations take() { return std::move(observations_); }

 private:
  void count(std::string_view name, const Tensor& tensor, Histogram& histogram) {
    const auto found = tensor.dtype() == DType::Float32
                           ? counter_.count(tensor.data<float>(), histogram)
                           : counter_.count(to_floats(tensor), histogram);
    if (found) {
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
  if (stored.begun) {
    ++left[stored.begun->digest];
  }
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
  if (!path.empty()) {
    write_file(path, encode(observations));
  }
}

/// All images in turn, and when to save.
class Work {
 public:
  Work(CalibrationImages& images, Observations start, const CalibratorOptions& options)
      : images_(images),
        options_(options),
        finished_(start.images),
        calibrator_(std::move(start)),
        saved_(Clock::now()) {}

  /// The image that the last call had begun comes first: there is never more than one.
  void finish_begun_image() {
    if (!calibrator_.observations().begun) {
      return;
    }
    const std::string digest = calibrator_.observations().begun->digest;
    std::size_t i = 0;
    while (digest_of(i) != digest) {  // it is among them: find_difference()
      ++i;
    }
    count(i, digest);
    ++finished_[digest];
  }

  /// Counts image `i`, unless it is one of those that were counted before.
  void add(std::size_t i) {
    const std::string digest = digest_of(i);
    const auto it = finished_.find(digest);
    if (it != finished_.end() && it->second > 0) {
      --it->second;
      return;
    }
    count(i, digest);
    if (Clock::now() - saved_ >= options_.save_every) {
      save(calibrator_.observations(), options_.state_file);
      saved_ = Clock::now();
    }
  }

  [[nodiscard]] Observations take() { return calibrator_.take(); }

 private:
  [[nodiscard]] std::string digest_of(std::size_t i) {
    try {
      return images_.digest(i);
    } catch (const Error& e) {
      throw e.with_context(images_.name(i));
    }
  }

  void count(std::size_t i, const std::string& digest) {
    try {
      check_interrupt();
      calibrator_.add(images_, i, digest);
    } catch (const Error& e) {
      if (e.code() == ErrorCode::Interrupted) {
        save(calibrator_.observations(), options_.state_file);
        throw;
      }
      throw e.with_context(images_.name(i));
    }
  }

  CalibrationImages& images_;
  const CalibratorOptions& options_;
  ImageCounts finished_;  // each stands for one image that need not run
  Calibrator calibrator_;
  Clock::time_point saved_;
};

}  // namespace

Observations observe_images(CalibrationImages& images,
                            const std::vector<std::string>& tensors,
                            const std::string& context,
                            const CalibratorOptions& options) {
  Work work(images, take_up(options.state_file, nothing_seen(tensors, context), images), options);
  work.finish_begun_image();
  for (std::size_t i = 0; i < images.size(); ++i) {
    work.add(i);
    if (options.progress) {
      options.progress(i + 1);
    }
  }
  Observations observations = work.take();
  if (options.save_at_end) {
    save(observations, options.state_file);
  }
  return observations;
}

void remove_state(const std::filesystem::path& state_file) noexcept {
  std::error_code ignored;
  std::filesystem::remove(state_file, ignored);
}

}  // namespace mtmi::quant
