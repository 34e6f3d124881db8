// What the tests of the INT8 kernels share.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/core/random.h"
#include "mtmi/kernels/int8/int8_kernels.h"

namespace mtmi::kernels::int8 {

/// The tables that this processor can run.
inline std::vector<Int8Kernels> runnable_int8_kernels() {
  std::vector<Int8Kernels> all;
  for (const Int8Kernels& kernels : all_int8_kernels()) {
    if (has_isa(kernels.isa)) {
      all.push_back(kernels);
    }
  }
  return all;
}

/// In [low, high], a quarter of them extremes.
inline std::vector<std::int8_t> random_bytes(std::int64_t n,
                                             Random& random,
                                             int low = -128,
                                             int high = 127) {
  std::vector<std::int8_t> values(static_cast<std::size_t>(n));
  for (std::int8_t& x : values) {
    const std::uint64_t kind = random.below(8);
    const auto any =
        low + static_cast<int>(random.below(static_cast<std::uint64_t>(high - low + 1)));
    x = static_cast<std::int8_t>(kind == 0 ? low : kind == 1 ? high : any);
  }
  return values;
}

/// Per-channel values of a convolution whose results cover the range: a quarter of the multipliers
/// are powers of two, so that exact ties occur.
class ChannelValues {
 public:
  ChannelValues(std::int64_t oc, std::int64_t depth, Random& random) {
    const float typical = 100.0F / (8000.0F * std::sqrt(static_cast<float>(depth)));
    for (std::int64_t k = 0; k < oc; ++k) {
      const bool tie = random.below(4) == 0;
      const float any = typical * random.uniform(0.2F, 2.0F);
      multipliers_.push_back(tie ? std::exp2(std::round(std::log2(typical))) : any);
      negative_multipliers_.push_back(multipliers_.back() * random.uniform(0.01F, 1.0F));
      bias_.push_back(static_cast<std::int32_t>(random.uniform(-30.0F, 30.0F) / typical));
    }
  }

  [[nodiscard]] Epilogue epilogue(Random& random) const {
    Epilogue e{.bias = bias_, .multipliers = multipliers_};
    if (random.below(3) == 0) {
      e.negative_multipliers = negative_multipliers_;
    }
    if (random.below(2) == 0) {
      e.rounding = Rounding::HalfToEven;
    }
    if (random.below(3) == 0) {
      e.bounds = {.lo = 0, .hi = static_cast<std::int8_t>(random.below(128))};
    }
    return e;
  }

 private:
  std::vector<std::int32_t> bias_;
  std::vector<float> multipliers_;
  std::vector<float> negative_multipliers_;
};

/// Scratch memory, aligned to 64, filled with what no kernel may rely on.
class AlignedBytes {
 public:
  explicit AlignedBytes(std::int64_t size)
      : memory_(static_cast<std::size_t>(size) + 64, std::byte{0xA5}) {}

  [[nodiscard]] std::byte* data() noexcept {
    void* p = memory_.data();
    std::size_t space = memory_.size();
    return static_cast<std::byte*>(std::align(64, 1, p, space));
  }

 private:
  std::vector<std::byte> memory_;
};

}  // namespace mtmi::kernels::int8
