// Vectors of floats in the instruction set that the including file is compiled for.
//
// Included only by the *_isa.cpp files: each is compiled once per instruction set, with MTMI_ISA
// set to the namespace that keeps the copies apart. Every simd_*.h defines the same names:
//
//   F32, kLanes, kTileVectors, kTileRows     a vector; its length; the shape of a register tile
//   load, store, load_partial, store_partial first n lanes only; the other lanes read as 0
//   broadcast, zero, add, sub, mul, div, max, min, fma (a * b + c, rounded once where the
//   instruction set can), round_to_even, pow2 (2^n of integral n in
//   [-126, 127]), scale_by_pow2 (x * 2^n), select_less (a < b ? x : y)
//   round_to_bf16                            to nearest, ties to even; still a float
//   reduce_add, reduce_max                   over the lanes, in an order fixed by kLanes
#pragma once

// In front of a loop whose count is a small constant: its body indexes registers.
#if defined(__clang__)
#define MTMI_UNROLL _Pragma("clang loop unroll(full)")
#else
#define MTMI_UNROLL _Pragma("GCC unroll 64")
#endif

#if defined(MTMI_ISA_AMX)
#define MTMI_ISA amx
#include "mtmi/kernels/fast/simd_avx512.h"
#elif defined(MTMI_ISA_AVX512BF16)
#define MTMI_ISA avx512bf16
#include "mtmi/kernels/fast/simd_avx512.h"
#elif defined(MTMI_ISA_AVX512)
#define MTMI_ISA avx512
#include "mtmi/kernels/fast/simd_avx512.h"
#elif defined(MTMI_ISA_AVX2)
#define MTMI_ISA avx2
#include "mtmi/kernels/fast/simd_avx2.h"
#else
#define MTMI_ISA generic
#include "mtmi/kernels/fast/simd_generic.h"
#endif
