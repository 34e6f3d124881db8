#include "mtmi/kernels/int8/int8_kernels.h"

#include <array>

#include "mtmi/kernels/int8/isa_kernels.h"

namespace mtmi::kernels::int8 {

// The table of one namespace of isa_kernels.h, with a convolution that may be of another.
// NOLINTBEGIN(bugprone-macro-parentheses): namespaces take none
#define MTMI_KERNELS_OF(isa_name, isa_namespace, convolution_namespace)               \
  Int8Kernels {                                                                       \
    .isa = isa_name, .convolution = convolution_namespace::convolution,               \
    .resize_linear = isa_namespace::resize_linear,                                    \
    .resize_nearest = isa_namespace::resize_nearest, .binary = isa_namespace::binary, \
    .rescale = isa_namespace::rescale, .copy = isa_namespace::copy,                   \
    .look_up = isa_namespace::look_up, .max_pool = isa_namespace::max_pool,           \
    .average_pool = isa_namespace::average_pool, .convert = isa_namespace::convert,   \
    .arg_max = isa_namespace::arg_max,                                                \
  }

// NOLINTEND(bugprone-macro-parentheses)

std::span<const Int8Kernels> all_int8_kernels() noexcept {
  static constexpr std::array kTables {
#if defined(__x86_64__)
    MTMI_KERNELS_OF(Int8Isa::Amx, avx512vnni, amx),
        MTMI_KERNELS_OF(Int8Isa::Avx512Vnni, avx512vnni, avx512vnni),
        MTMI_KERNELS_OF(Int8Isa::Avx512, avx512, avx512),
        MTMI_KERNELS_OF(Int8Isa::Avx2, avx2, avx2),
#endif
        MTMI_KERNELS_OF(Int8Isa::Generic, generic, generic),
  };
  return kTables;
}

#undef MTMI_KERNELS_OF

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
