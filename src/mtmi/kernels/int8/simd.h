// Vectors of integers in the instruction set that the including file is compiled for.
//
// Included only by the *_isa.cpp files: each is compiled once per instruction set, with MTMI_ISA
// set to the namespace that keeps the copies apart. Every simd_*.h defines the same names:
//
//   I32, F32, kLanes                          vectors of 32-bit elements; their length
//   I16, kLanes16                             of 16-bit elements, twice as many
//   PanelElement, kStep                       how the source of a product lies: kStep elements in
//                                             32 bits, kPanelZero that of a zero
//   kTileVectors, kTileRows                   the shape of a register tile of products
//   dot(sum, x, w)                            sum + the products of kStep elements in each lane
//   to_panel(dst, src, n)                     INT8 as panel elements
//   I8, kLanes8                               bytes
//   add_lanes                                 the sums of the lanes of kLanes vectors
//   look_up_bytes, copy_bytes, transpose_16x16, first_largest
//   load_*, store_*, *_partial                first n lanes only; the other lanes read as 0
//   to_float, mul, clamp, select_negative (n < 0 ? a : b)
//   round_away, round_even                    to integers; Pre: |x| < 2^22
#pragma once

// In front of a loop whose count is a small constant: its body indexes registers.
#if defined(__clang__)
#define MTMI_UNROLL _Pragma("clang loop unroll(full)")
#else
#define MTMI_UNROLL _Pragma("GCC unroll 64")
#endif
#define MTMI_INLINE inline __attribute__((always_inline))

#if defined(MTMI_ISA_AMX)
#define MTMI_ISA amx
#elif defined(MTMI_ISA_AVX512VNNI)
#define MTMI_ISA avx512vnni
#elif defined(MTMI_ISA_AVX512)
#define MTMI_ISA avx512
#elif defined(MTMI_ISA_AVX2)
#define MTMI_ISA avx2
#else
#define MTMI_ISA generic
#endif

#if defined(__AVX512F__)
#include "mtmi/kernels/int8/simd_avx512.h"
#elif defined(__AVX2__)
#include "mtmi/kernels/int8/simd_avx2.h"
#else
#include "mtmi/kernels/int8/simd_generic.h"
#endif

#if defined(__AVX2__)
#include "mtmi/kernels/int8/arg_max_avx2.h"
#endif
#if defined(__SSE2__)
#include "mtmi/kernels/int8/transpose_sse2.h"
#endif

namespace mtmi::kernels::int8::MTMI_ISA {

/// How numbers become INT8: the vector form of saturate_s8().
struct Saturation {
  F32 lo;
  F32 hi;
  bool even;
};

/// Pre: no NaN. Clamping first changes nothing, the bounds being whole, and keeps the sums of
/// round_away() small.
MTMI_INLINE I32 saturate(F32 x, const Saturation& s) {
  const F32 inside = clamp(x, s.lo, s.hi);
  return s.even ? round_even(inside) : round_away(inside);
}

}  // namespace mtmi::kernels::int8::MTMI_ISA
