#include "mtmi/device/layout.h"

#include <charconv>

#include "mtmi/error.h"

namespace mtmi {
namespace {

std::int64_t round_up(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b * b;
}

[[noreturn]] void refuse(const TensorDesc& desc, const std::string& expected) {
  throw Error(ErrorCode::InvalidArgument,
              "device::layout",
              "tensor '" + desc.name + "': got " + to_string(desc.shape) + " as " +
                  std::string(to_string(desc.layout)) + ", expected " + expected);
}

/// Channels last, each pixel padded to `channels`, each row to `columns` pixels.
LayoutStrides channels_last(const Shape& s,
                            std::int64_t es,
                            std::int64_t channels,
                            std::int64_t columns) {
  const std::int64_t row = columns * channels * es;
  return {.block = channels,
          .batch = s[2] * row,
          .plane = 0,
          .row = row,
          .column = channels * es,
          .channel = es};
}

/// Blocks of `block` channels, each a [h][w][block].
LayoutStrides channel_blocks(const Shape& s, std::int64_t es, std::int64_t block) {
  const std::int64_t row = s[3] * block * es;
  const std::int64_t plane = s[2] * row;
  return {.block = block,
          .batch = round_up(s[1], block) / block * plane,
          .plane = plane,
          .row = row,
          .column = block * es,
          .channel = es};
}

LayoutStrides planar(const Shape& s, std::int64_t es, std::int64_t columns) {
  const std::int64_t row = columns * es;
  return {.block = 1,
          .batch = s[1] * s[2] * row,
          .plane = s[2] * row,
          .row = row,
          .column = es,
          .channel = 0};
}

}  // namespace

LayoutStrides strides_of(const TensorDesc& desc) {
  const Shape& s = desc.shape;
  if (s.rank() != 4) {
    refuse(desc, "rank 4");
  }
  // Padding multiplies by less than 64 * 8, which then still fits into 63 bits.
  constexpr std::int64_t kMaxElements = std::int64_t{1} << 50;
  if (s.num_elements() > kMaxElements) {
    refuse(desc, "at most 2^50 elements");
  }
  const auto es = static_cast<std::int64_t>(size_of(desc.dtype));
  switch (desc.layout) {
    case Layout::Linear:
      return planar(s, es, s[3]);
    case Layout::DlaLinear:
      return planar(s, es, round_up(s[3], 64 / es));
    case Layout::Hwc:
      return channels_last(s, es, s[1], s[3]);
    case Layout::Hwc8:
      return channels_last(s, es, round_up(s[1], 8), s[3]);
    case Layout::Chw16:
      return channel_blocks(s, es, 16);
    case Layout::Chw32:
      return channel_blocks(s, es, 32);
    case Layout::DlaHwc4: {
      if (s[1] != 1 && s[1] != 3 && s[1] != 4) {
        refuse(desc, "1, 3 or 4 channels");
      }
      const std::int64_t channels = s[1] == 1 ? 1 : 4;
      return channels_last(s, es, channels, round_up(s[3], 64 / channels / es));
    }
  }
  refuse(desc, "a known layout");
}

std::size_t size_bytes_of(const TensorDesc& desc) {
  if (desc.layout == Layout::Linear) {
    return static_cast<std::size_t>(desc.shape.num_elements()) * size_of(desc.dtype);
  }
  return static_cast<std::size_t>(desc.shape[0] * strides_of(desc).batch);
}

std::string to_string(const TensorDesc& desc) {
  std::string text = desc.name + ": " + std::string(to_string(desc.dtype)) + to_string(desc.shape) +
                     " " + std::string(to_string(desc.layout));
  if (desc.scale != 0.0F) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof(digits), desc.scale).ptr;
    text += " scale " + std::string(digits, end);
  }
  return text;
}

std::optional<std::string> hand_off_mismatch(const TensorDesc& from, const TensorDesc& to) {
  const bool agree = from.dtype == to.dtype && from.shape == to.shape && from.layout == to.layout &&
                     from.scale == to.scale;
  if (agree) {
    return std::nullopt;
  }
  return "the producer writes " + to_string(from) + ", the consumer reads " + to_string(to);
}

}  // namespace mtmi
