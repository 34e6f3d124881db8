// What the *_isa.cpp files define, once per instruction set. Private to kernels/fast.
#pragma once

#include "mtmi/kernels/fast/fast_kernels.h"

// One list, declared in the namespace of each instruction set.
#define MTMI_DECLARE_KERNELS(isa_namespace) \
  namespace mtmi::kernels::isa_namespace {  \
  void gemm(const GemmArgs& args);          \
  }

MTMI_DECLARE_KERNELS(avx512)
MTMI_DECLARE_KERNELS(avx2)
MTMI_DECLARE_KERNELS(generic)
#undef MTMI_DECLARE_KERNELS
