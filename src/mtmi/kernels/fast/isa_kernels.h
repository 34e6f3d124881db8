// What the *_isa.cpp files define, once per instruction set. Private to kernels/fast.
#pragma once

#include "mtmi/kernels/fast/bf16_kernels.h"
#include "mtmi/kernels/fast/fast_kernels.h"

// One list, declared in the namespace of each instruction set.
#define MTMI_DECLARE_KERNELS(isa_namespace)                                                      \
  namespace mtmi::kernels::isa_namespace {                                                       \
  void gemm(const GemmArgs& args);                                                               \
  void activate(const ActivationSpec& f, const float* src, float* dst, std::int64_t n);          \
  void binary(                                                                                   \
      BinaryOp op, BinaryForm form, const float* a, const float* b, float* dst, std::int64_t n); \
  void layer_norm(const LayerNormArgs& args);                                                    \
  void softmax(const SoftmaxArgs& args);                                                         \
  void depthwise(const DepthwiseArgs& args);                                                     \
  void resize(const ResizeArgs& args);                                                           \
  void mix_rows(const float* a, const float* b, float weight, float* dst, std::int64_t n);       \
  void best_channel(const BestChannelArgs& args);                                                \
  void winograd_input(const WinogradInputArgs& args);                                            \
  void winograd_output(const WinogradOutputArgs& args);                                          \
  }

MTMI_DECLARE_KERNELS(avx512)
MTMI_DECLARE_KERNELS(avx2)
MTMI_DECLARE_KERNELS(generic)
#undef MTMI_DECLARE_KERNELS

#define MTMI_DECLARE_BF16_KERNELS(isa_namespace)                    \
  namespace mtmi::kernels::isa_namespace {                          \
  void gemm_bf16(const GemmBf16Args& args);                         \
  void round_bf16(const float* src, BFloat16* dst, std::int64_t n); \
  }

MTMI_DECLARE_BF16_KERNELS(amx)  // all but round_bf16()
MTMI_DECLARE_BF16_KERNELS(avx512bf16)
MTMI_DECLARE_BF16_KERNELS(avx512)
MTMI_DECLARE_BF16_KERNELS(avx2)
MTMI_DECLARE_BF16_KERNELS(generic)
#undef MTMI_DECLARE_BF16_KERNELS
