#include "mtmi/kernels/int8/int8_kernels.h"

#include <array>

namespace mtmi::kernels::int8 {

std::span<const Int8Kernels> all_int8_kernels() noexcept {
  static constexpr std::array kTables{
      Int8Kernels{.isa = Int8Isa::Generic,
                  .convolution = convolution_ref,
                  .resize_linear = resize_linear_ref,
                  .resize_nearest = resize_nearest_ref,
                  .binary = binary_ref,
                  .rescale = rescale_ref,
                  .copy = copy_ref,
                  .look_up = look_up_ref,
                  .max_pool = max_pool_ref,
                  .average_pool = average_pool_ref,
                  .convert = convert_ref,
                  .arg_max = arg_max_ref},
  };
  return kTables;
}

const Int8Kernels& int8_kernels(Int8Isa isa) noexcept {
  const auto all = all_int8_kernels();
  for (const Int8Kernels& table : all) {
    if (table.isa <= isa) {
      return table;
    }
  }
  return all.back();
}

}  // namespace mtmi::kernels::int8
