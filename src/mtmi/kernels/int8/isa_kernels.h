// What the *_isa.cpp files define, once per instruction set. Private to kernels/int8.
#pragma once

#include "mtmi/kernels/int8/int8_kernels.h"

// One list, declared in the namespace of each instruction set.
#define MTMI_DECLARE_KERNELS(isa_namespace)                                       \
  namespace mtmi::kernels::int8::isa_namespace {                                  \
  void convolution(const PackedConvolution& packed, const ConvolutionArgs& args); \
  void few_outputs(const PackedConvolution& packed, const ConvolutionArgs& args); \
  void winograd(const PackedConvolution& packed, const ConvolutionArgs& args);    \
  void depthwise(const PackedConvolution& packed, const ConvolutionArgs& args);   \
  void resize_linear(const ResizeArgs& args);                                     \
  void resize_nearest(const ResizeArgs& args);                                    \
  void binary(const BinaryArgs& args);                                            \
  void rescale(const UnaryArgs& args, const Requantisation& requantisation);      \
  void copy(const UnaryArgs& args);                                               \
  void look_up(const UnaryArgs& args, const std::int8_t* table);                  \
  void max_pool(const PoolArgs& args);                                            \
  void average_pool(const PoolArgs& args);                                        \
  void convert(const ConvertArgs& args);                                          \
  void arg_max(const ArgMaxArgs& args);                                           \
  }

// Its convolution alone differs from that of AVX-512 with VNNI.
namespace mtmi::kernels::int8::amx {
void convolution(const PackedConvolution& packed, const ConvolutionArgs& args);
}

MTMI_DECLARE_KERNELS(avx512vnni)
MTMI_DECLARE_KERNELS(avx512)
MTMI_DECLARE_KERNELS(avx2)
MTMI_DECLARE_KERNELS(generic)
#undef MTMI_DECLARE_KERNELS
