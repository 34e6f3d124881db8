// What calibration has seen of a network's tensors: kept between two runs, given to the methods.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "mtmi/quant/histogram.h"

namespace mtmi::quant {

/// An image that was interrupted while its tensors were counted.
struct BegunImage {
  std::string digest;
  std::set<std::string, std::less<>> counted;  ///< tensors that are in the histograms already

  bool operator==(const BegunImage&) const = default;
};

/// Histograms of tensors over a set of images. No method of choosing a range goes in. A plain
/// value.
struct Observations {
  /// A digest of all that decides what an image gives: network, preprocessing, instruction set.
  std::string context;
  /// How often each image was counted to the end, by its digest.
  std::map<std::string, std::uint64_t, std::less<>> images;
  /// One more image, of which only some tensors are in the histograms.
  std::optional<BegunImage> begun = {};
  std::map<std::string, Histogram, std::less<>> tensors;

  /// Finished images, repeated ones as often as they were counted.
  [[nodiscard]] std::uint64_t num_images() const noexcept;

  bool operator==(const Observations&) const = default;
};

/// The observations as the bytes of a file: a magic number, a version, the digest of what follows,
/// strings and counts as LEB128 numbers. The same observations give the same bytes.
[[nodiscard]] std::vector<std::byte> encode(const Observations& observations);

/// The observations in the bytes of such a file. Throws Error(InvalidModel) on bytes that are
/// damaged, cut off or of another kind or version; Error(OutOfMemory).
[[nodiscard]] Observations decode_observations(std::span<const std::byte> bytes);

}  // namespace mtmi::quant
