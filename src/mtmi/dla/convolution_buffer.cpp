#include "mtmi/dla/convolution_buffer.h"

#include "mtmi/core/checked.h"

namespace mtmi::dla {
namespace {

constexpr std::int64_t kWeightAlignmentBytes = 128;
constexpr std::int64_t kAtomBytes = 32;  // channels of one position that are read together
constexpr std::int64_t kAtomsPerEntry = 4;
constexpr std::int64_t kEntriesPerBank = 256;

}  // namespace

ConvolutionBanks convolution_banks(const ConvolutionTile& tile, Precision precision) {
  const std::int64_t element_bytes = precision == Precision::Int8 ? 1 : 2;
  const std::int64_t channel_bytes = checked_mul(tile.channels, element_bytes);
  const std::int64_t kernel_bytes =
      checked_mul(channel_bytes, checked_mul(tile.kernel_height, tile.kernel_width));
  const std::int64_t aligned_bytes =
      checked_mul(ceil_div(kernel_bytes, kWeightAlignmentBytes), kWeightAlignmentBytes);
  const std::int64_t entries =
      ceil_div(checked_mul(ceil_div(channel_bytes, kAtomBytes), tile.src_width), kAtomsPerEntry);
  const std::int64_t rows =
      checked_add(checked_mul(tile.kernel_height - 1, tile.dilation_height), 1);
  return {.weights = ceil_div(aligned_bytes, kConvolutionBankBytes),
          .data = ceil_div(checked_mul(entries, rows), kEntriesPerBank)};
}

}  // namespace mtmi::dla
