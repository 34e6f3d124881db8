#include "mtmi/core/window.h"

#include <gtest/gtest.h>

#include "mtmi/core/random.h"

namespace mtmi {
namespace {

bool is_inside(const Window& w, std::int64_t o, std::int64_t k) {
  return w.position(o, k) >= 0 && w.position(o, k) < w.in;
}

TEST(Window, RangesHoldExactlyTheTapsInsideTheSource) {
  Random random(1);
  const auto draw = [&random](std::uint64_t bound) {
    return static_cast<std::int64_t>(random.below(bound));
  };
  for (int round = 0; round < 200; ++round) {
    const Window w{.in = 1 + draw(9),
                   .out = 1 + draw(9),
                   .kernel = 1 + draw(5),
                   .stride = 1 + draw(4),
                   .dilation = 1 + draw(3),
                   .pad_begin = draw(12)};
    for (std::int64_t o = 0; o < w.out; ++o) {
      for (std::int64_t k = 0; k < w.kernel; ++k) {
        const IndexRange taps = taps_inside(w, o);
        const IndexRange outputs = outputs_inside(w, k);
        EXPECT_EQ(taps.begin <= k && k < taps.end, is_inside(w, o, k));
        EXPECT_EQ(outputs.begin <= o && o < outputs.end, is_inside(w, o, k));
      }
    }
  }
}

}  // namespace
}  // namespace mtmi
