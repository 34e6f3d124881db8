// Packing for Winograd's F(2x2, 3x3) in whole numbers.
//
// With B' d B of the source (sums of four INT8, 10 bits) and (2G) g (2G)' of the weights (at most
// 9 * 127, 11 bits) all products are of 16 bits, and every output is four times the sum wanted:
// exact, modulo 2^32, as long as that fits 32 bits.
#include <cstring>

#include "mtmi/kernels/int8/panel_format.h"

namespace mtmi::kernels::int8 {
namespace {

constexpr int kTile = 4;

/// (2G) g (2G)' with 2G = [2 0 0; 1 1 1; 1 -1 1; 0 0 2].
std::array<std::int16_t, kWinogradPlaces> transform(const std::int8_t* g) {
  const auto apply = [](int a, int b, int c) {
    return std::array<int, kTile>{2 * a, a + b + c, a - b + c, 2 * c};
  };
  std::array<std::array<int, kTile>, 3> columns{};  // of (2G) g
  for (std::size_t j = 0; j < 3; ++j) {
    columns[j] = apply(g[j], g[3 + j], g[6 + j]);
  }
  std::array<std::int16_t, kWinogradPlaces> places{};
  for (std::size_t i = 0; i < kTile; ++i) {
    const auto row = apply(columns[0][i], columns[1][i], columns[2][i]);
    for (std::size_t j = 0; j < kTile; ++j) {
      places[kTile * i + j] = static_cast<std::int16_t>(row[j]);
    }
  }
  return places;
}

/// Tiles that are computed at a time: their transformed source stays in a cache of the second
/// level.
std::int64_t tiles_together(std::int64_t pixel) {
  constexpr std::int64_t kBytes = 256 * 1024;
  constexpr std::int64_t kMultiple = 12;  // of every register tile's rows
  const std::int64_t fitting = kBytes / (2 * kWinogradPlaces * pixel);
  return std::clamp<std::int64_t>(fitting / kMultiple * kMultiple, kMultiple, 4 * kMultiple);
}

}  // namespace

bool winograd_pays(const ConvolutionShape& s, Int8Isa isa) noexcept {
  const auto fits = [](const Window& w) {
    return w.kernel == 3 && w.stride == 1 && w.dilation == 1 && w.out > 1;
  };
  constexpr std::int64_t kLeastChannels = 16;
  constexpr std::int64_t kMostChannels = 3600;  // 4 * 9 * 128 * 127 * channels < 2^31
  return isa <= Int8Isa::Avx512 && s.groups == 1 && fits(s.h) && fits(s.w) &&
         s.ic >= kLeastChannels && s.ic <= kMostChannels && s.oc >= kLeastChannels;
}

void PackedConvolution::pack_winograd() {
  const PanelFormat f = format_for(isa_, method_);
  const std::int64_t pixel = round_up(shape_.ic, 2 * f.lanes);
  const std::int64_t columns = round_up(shape_.w.out, 2) + 2;
  panel_ = {.lanes = f.lanes,
            .block = f.block,
            .step = f.step,
            .element_bytes = f.element_bytes,
            .offset = false,
            .pixel = pixel,
            .columns = columns,
            .row = round_up(columns * pixel, kAlignment),
            .slots = kTile,
            .segments = 1,
            .segment = round_up(shape_.ic, f.step),
            .group_columns = round_up(shape_.oc, f.lanes),
            .tiles = tiles_together(pixel)};
  pack_channels(panel_.group_columns);
  const std::int64_t place_elements = panel_.segment * panel_.group_columns;
  packed_.assign(static_cast<std::size_t>(kWinogradPlaces * place_elements) * sizeof(std::int16_t),
                 std::byte{0});
  for (std::int64_t k = 0; k < shape_.oc; ++k) {
    const std::int64_t block_begin = k / panel_.block * panel_.block;
    const std::int64_t width =
        std::min<std::int64_t>(panel_.block, panel_.group_columns - block_begin);
    for (std::int64_t c = 0; c < shape_.ic; ++c) {
      const auto places = transform(weights_.data() + (k * shape_.ic + c) * 9);
      std::int64_t at = block_begin * panel_.segment +
                        (c / panel_.step * width + k - block_begin) * panel_.step + c % panel_.step;
      for (const std::int16_t place : places) {
        std::memcpy(
            packed_.data() + static_cast<std::size_t>(at) * sizeof(place), &place, sizeof(place));
        at += place_elements;
      }
    }
  }
}

}  // namespace mtmi::kernels::int8
