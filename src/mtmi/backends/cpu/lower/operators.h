// The operators of a lowered graph. Every value lies row-major in the order of its shape.
//
//   host.View          x: the elements of x under another shape; no step
//   cpu.Copy          x
//   cpu.Conv          x [n,h,w,g*ic], weights, bias: [n,oh,ow,g*oc]. Packed per group, depth
//                     (kh, kw, ic)
//   cpu.Winograd      the same for 3x3 of stride 1: 36 packed products
//   cpu.TapConv       the same for stride 1 and few outputs: packed [ic, (kh, kw, oc)]
//   cpu.Depthwise     x [n,h,w,c], weights [kh,kw,c], bias
//   cpu.Linear        x [...,k], weights, bias: [...,n]; packed
//   cpu.MatMul        a [...,m,k], b [...,k,n]: [...,m,n]
//   cpu.Attention     q [b,n,h,d], k [b,m,h,d], v [b,m,h,dv]: [b,n,h,dv]
//   cpu.Activation    x
//   cpu.Binary        a, b: broadcast; attribute op
//   cpu.LayerNorm     x, gamma, beta: over the last axis
//   cpu.Softmax       x: over the last axis
//   cpu.ArgMax        x [...,c]: s64 [...]
//   cpu.Resize        x [n,h,w,c], addend: rows and columns by taps
//   cpu.ResizeLabels  x [n,h,w,c]: s64 [n,oh,ow], the ArgMax of a Resize
//   cpu.Pool          x [n,h,w,c]: [n,oh,ow,c]; attribute op
//   cpu.Concat        x...: attribute axis
//   cpu.Pack          x [n,h,w,c] or any: the bytes of another layout and type; attributes layout,
//                     scale, shape
//   cpu.Unpack        the inverse
//   Transpose         x: attribute perm
//
// Conv, TapConv, Linear, MatMul and Attention with attribute bf16 = 1 round what they multiply to
// bfloat16; their packed weights are of that type. A cpu.Conv among them with winograd = 1 may run
// in Winograd's form, where the machine has no tiles of bfloat16.
//
// Conv, Winograd, Linear take a fourth input: a residual of as many elements as the output. They
// carry an Epilogue (kernels/fast/epilogue.h) in the attributes below; Depthwise its first half.
//
// A cpu.Conv of kernel 1 may have inputs from the fifth on: it reads x and these as their Concat,
// which is never written. All are of one shape, kMaxConvSources at most.
#pragma once

#include <string>
#include <string_view>

#include "mtmi/graph/graph.h"
#include "mtmi/kernels/fast/epilogue.h"

namespace mtmi::cpu {

inline constexpr std::size_t kBiasInput = 2;
inline constexpr std::size_t kResidualInput = 3;
inline constexpr std::size_t kMoreSourcesInput = 4;
inline constexpr std::size_t kMaxConvSources = 8;

/// Attributes `prefix`, `prefix`_alpha, `prefix`_beta <-> an ActivationSpec; absent: none.
[[nodiscard]] kernels::ActivationSpec read_activation(const Attributes& attributes,
                                                      std::string_view prefix);
void write_activation(Attributes& attributes,
                      const std::string& prefix,
                      const kernels::ActivationSpec& spec);

/// Whether the operator ends in an Epilogue.
[[nodiscard]] bool has_epilogue(std::string_view op);

}  // namespace mtmi::cpu
