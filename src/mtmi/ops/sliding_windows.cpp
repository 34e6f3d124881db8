#include "mtmi/ops/sliding_windows.h"

#include <string>
#include <string_view>

#include "mtmi/core/checked.h"
#include "mtmi/ops/checks.h"
#include "mtmi/ops/input_checks.h"

namespace mtmi::ops {
namespace {

// Far above any real network, and small enough that no sum or product below can overflow.
constexpr std::int64_t kMaxParameter = (std::int64_t{1} << 31) - 1;

/// The attribute, or `count` times `fallback`; every value in [min, kMaxParameter].
std::vector<std::int64_t> read_list(const Attributes& attributes,
                                    std::string_view name,
                                    std::size_t count,
                                    std::int64_t fallback,
                                    std::int64_t min) {
  std::vector<std::int64_t> values = attributes.get_ints(name);
  if (values.empty()) {
    values.assign(count, fallback);
  }
  const std::string got = std::string(name) + " " + list_of(values);
  if (values.size() != count) {
    refuse(got, std::to_string(count) + " values");
  }
  for (const std::int64_t value : values) {
    if (value < min || value > kMaxParameter) {
      refuse(got, "values from " + std::to_string(min) + " to 2^31-1");
    }
  }
  return values;
}

std::string auto_pad_of(const Attributes& attributes) {
  std::string auto_pad = attributes.get_string("auto_pad", "NOTSET");
  require_choice("auto_pad", auto_pad, {"NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"});
  return auto_pad;
}

void place_same(Window& w, bool extra_at_end) {
  w.out = ceil_div(w.in, w.stride);
  const std::int64_t total = std::max<std::int64_t>(0, (w.out - 1) * w.stride + w.reach() - w.in);
  w.pad_begin = extra_at_end ? total / 2 : total - total / 2;
  w.pad_end = total - w.pad_begin;
}

void place_explicit(Window& w, PartialWindows partial) {
  const std::int64_t padded = w.in + w.pad_begin + w.pad_end;
  if (w.reach() > padded) {
    refuse("a window that reaches over " + std::to_string(w.reach()) + " elements",
           "at most the padded extent " + std::to_string(padded));
  }
  if (partial == PartialWindows::Drop) {
    w.out = (padded - w.reach()) / w.stride + 1;
    return;
  }
  w.out = ceil_div(padded - w.reach(), w.stride) + 1;
  if ((w.out - 1) * w.stride >= w.in + w.pad_begin) {
    --w.out;
  }
}

}  // namespace

std::vector<Window> read_windows(const Attributes& attributes,
                                 std::span<const std::int64_t> in,
                                 std::span<const std::int64_t> kernel) {
  const std::size_t rank = in.size();
  const auto strides = read_list(attributes, "strides", rank, 1, 1);
  const auto dilations = read_list(attributes, "dilations", rank, 1, 1);
  const bool explicit_pads = auto_pad_of(attributes) == "NOTSET";
  const auto pads = explicit_pads ? read_list(attributes, "pads", 2 * rank, 0, 0)
                                  : std::vector<std::int64_t>(2 * rank, 0);
  std::vector<Window> windows(rank);
  for (std::size_t axis = 0; axis < rank; ++axis) {
    if (kernel[axis] < 1 || kernel[axis] > kMaxParameter) {
      refuse("a kernel of " + list_of(kernel), "extents from 1 to 2^31-1");
    }
    windows[axis] = {.in = in[axis],
                     .kernel = kernel[axis],
                     .stride = strides[axis],
                     .dilation = dilations[axis],
                     .pad_begin = pads[axis],
                     .pad_end = pads[rank + axis]};
  }
  return windows;
}

std::vector<Window> slide_windows(const Attributes& attributes,
                                  std::span<const std::int64_t> in,
                                  std::span<const std::int64_t> kernel,
                                  PartialWindows partial) {
  std::vector<Window> windows = read_windows(attributes, in, kernel);
  const std::string auto_pad = auto_pad_of(attributes);
  for (Window& window : windows) {
    if (auto_pad == "SAME_UPPER" || auto_pad == "SAME_LOWER") {
      place_same(window, auto_pad == "SAME_UPPER");
    } else {
      place_explicit(window, auto_pad == "VALID" ? PartialWindows::Drop : partial);
    }
  }
  return windows;
}

std::vector<Window> transpose_windows(const Attributes& attributes,
                                      std::span<const std::int64_t> src,
                                      std::span<const std::int64_t> kernel) {
  std::vector<Window> windows = read_windows(attributes, src, kernel);
  const auto extra = read_list(attributes, "output_padding", src.size(), 0, 0);
  const bool has_shape = !attributes.get_ints("output_shape").empty();
  const auto shape = read_list(attributes, "output_shape", src.size(), 1, 1);
  const std::string auto_pad = auto_pad_of(attributes);
  for (std::size_t axis = 0; axis < windows.size(); ++axis) {
    Window& w = windows[axis];
    if (src[axis] < 1) {
      refuse("a spatial extent of " + std::to_string(src[axis]), "1 or more");
    }
    w.out = src[axis];
    const std::int64_t full =
        checked_add(checked_mul(w.out - 1, w.stride), w.reach() + extra[axis]);
    if (has_shape || auto_pad.starts_with("SAME")) {
      w.in = has_shape ? shape[axis] : checked_mul(w.out, w.stride);
      const std::int64_t total = std::max<std::int64_t>(0, full - w.in);
      w.pad_begin = auto_pad == "SAME_UPPER" ? total / 2 : total - total / 2;
      w.pad_end = total - w.pad_begin;
    } else {
      w.in = full - w.pad_begin - w.pad_end;
    }
    if (w.in < 1) {
      refuse("pads that leave an extent of " + std::to_string(w.in), "1 or more");
    }
  }
  return windows;
}

std::vector<std::int64_t> read_kernel_shape(const Attributes& attributes,
                                            std::size_t spatial_rank) {
  std::vector<std::int64_t> kernel = attributes.get_ints("kernel_shape");
  if (kernel.size() != spatial_rank) {
    refuse("kernel_shape " + list_of(kernel), std::to_string(spatial_rank) + " values");
  }
  return kernel;
}

std::span<const std::int64_t> spatial_extents(const Shape& shape) {
  return std::span(shape.extents()).subspan(2);
}

Shape windowed_shape(std::int64_t n, std::int64_t channels, std::span<const Window> windows) {
  std::vector<std::int64_t> extents{n, channels};
  for (const Window& window : windows) {
    extents.push_back(window.out);
  }
  return checked_shape(std::move(extents));
}

}  // namespace mtmi::ops
