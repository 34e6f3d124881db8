// 3x3 convolutions of stride 1 by Winograd's F(4x4, 3x3): 36 products per 16 outputs, not 144.
//
// A tile of 4x4 outputs reads 6x6 inputs. Per channel, V = B' d B (winograd_input); then for each
// of the 36 places a product over the channels with the weights U = G g G' (winograd_weights); then
// Y = A' M A (winograd_output). The points are 0, 1, -1, 2, -2 and infinity; docs/numerics.md has
// the error that this costs.
#pragma once

#include <cstdint>
#include <span>

#include "mtmi/kernels/fast/epilogue.h"

namespace mtmi::kernels {

inline constexpr std::int64_t kWinogradTile = 4;
inline constexpr std::int64_t kWinogradPlaces = 36;

/// u[place][i][oc] of weights [oc][ic][3][3], for the input channels i in [begin, end).
void winograd_weights(const float* weights,
                      std::int64_t oc,
                      std::int64_t ic,
                      std::int64_t begin,
                      std::int64_t end,
                      std::span<float> u);

/// v[place * place_stride + t * tile_stride + c] for the tiles [begin, begin + count) of an image,
/// counted row by row, and its channels.
struct WinogradInputArgs {
  const float* src = nullptr;  ///< [height][width][channels]; 0 outside
  bool round_bf16 = false;     ///< the source is rounded to bfloat16 as it is read
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t channels = 0;
  std::int64_t pad_top = 1;
  std::int64_t pad_left = 1;
  std::int64_t tile_columns = 0;
  std::int64_t begin = 0;
  std::int64_t count = 0;
  float* v = nullptr;
  std::int64_t place_stride = 0;
  std::int64_t tile_stride = 0;
};

/// dst(y, x, c) = epilogue of the sums in m[place * place_stride + t * channels + c].
struct WinogradOutputArgs {
  const float* m = nullptr;
  std::int64_t place_stride = 0;
  float* dst = nullptr;  ///< [height][width][channels]
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t channels = 0;
  std::int64_t tile_columns = 0;
  std::int64_t begin = 0;
  std::int64_t count = 0;
  Epilogue epilogue;
};

using WinogradInputFn = void (*)(const WinogradInputArgs& args);
using WinogradOutputFn = void (*)(const WinogradOutputArgs& args);

}  // namespace mtmi::kernels
