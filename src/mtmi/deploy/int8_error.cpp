#include "mtmi/deploy/int8_error.h"

#include <cmath>
#include <cstddef>

#include "mtmi/core/agreement.h"

namespace mtmi::deploy {

void Int8Error::add_values(const Tensor& expected, const Tensor& got) {
  (void)compare(expected, got);  // refuses what does not fit
  const auto want = expected.data<float>();
  const auto have = got.data<float>();
  for (std::size_t i = 0; i < want.size(); ++i) {
    const double e = want[i];
    const double d = have[i] - e;
    signal_ += e * e;
    noise_ += d * d;
    if (e != 0.0) {
      relative_ += std::abs(d / e);
      ++values_;
    }
  }
}

std::optional<double> Int8Error::sqnr_db() const {
  return noise_ > 0.0 && signal_ > 0.0 ? std::optional(10.0 * std::log10(signal_ / noise_))
                                       : std::nullopt;
}

double Int8Error::relative_change() const {
  return values_ == 0 ? 0.0 : relative_ / static_cast<double>(values_);
}

}  // namespace mtmi::deploy
