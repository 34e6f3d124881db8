#include "mtmi/calibration/equalize.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mtmi/core/axis_split.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/error.h"
#include "mtmi/quant/equalization.h"
#include "mtmi/runtime/session.h"

namespace mtmi::calibration {
namespace {

void widen(std::vector<float>& peaks, const std::string& name, const Tensor& tensor) {
  const AxisSplit split = split_at_axis(tensor.shape(), 1);
  peaks.resize(static_cast<std::size_t>(split.extent), 0.0F);
  const float* x = tensor.data<float>().data();
  for (std::int64_t o = 0; o < split.outer; ++o) {
    for (float& peak : peaks) {
      for (std::int64_t i = 0; i < split.inner; ++i, ++x) {
        if (!std::isfinite(*x)) {
          throw Error(ErrorCode::InvalidModel,
                      "calibration::equalized",
                      "tensor '" + name + "' holds a value that is not finite");
        }
        peak = std::max(peak, std::abs(*x));
      }
    }
  }
}

}  // namespace

Graph equalized(const Backend& cpu,
                Graph head,
                std::span<const TensorMap> samples,
                const ProgressFunction& progress) {
  const std::vector<std::string> names = quant::tensors_to_equalize(head);
  if (names.empty()) {
    return head;
  }
  CompileOptions options;
  for (const std::string& name : names) {
    if (!head.is_input(*head.find_value(name))) {
      options.observe.push_back(name);
    }
  }
  Session session(cpu, head, options);
  quant::ChannelPeaks peaks;
  session.set_observer([&](std::string_view name, const Tensor& tensor) {
    const std::string key(name);
    widen(peaks[key], key, tensor);
  });
  std::int64_t done = 0;
  for (const TensorMap& sample : samples) {
    check_interrupt();
    progress({.step = "equalize", .part = head.name, .done = done++, .total = std::ssize(samples)});
    session.set_inputs(sample);
    session.run_again();
    for (const std::string& name : names) {
      if (const auto input = sample.find(name); input != sample.end()) {
        widen(peaks[name], name, input->second);
      }
    }
  }
  return quant::equalize(std::move(head), peaks);
}

}  // namespace mtmi::calibration
