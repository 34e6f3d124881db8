// Whole-tensor forms of functions of one or two elements, for every element type they are defined
// for. `f` takes and gives the compute type (kernels/element.h).
#pragma once

#include "mtmi/interp/dispatch.h"
#include "mtmi/kernels/broadcast.h"
#include "mtmi/tensor.h"

namespace mtmi::interp {

/// f of every element, of the same type. Throws Error(Unsupported) unless it is floating point.
template <class F>
[[nodiscard]] Tensor map_floating_point(const Tensor& src, const F& f) {
  Tensor dst(src.dtype(), src.shape());
  visit_floating_point(src.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::map(dst.data<T>(), src.data<T>(), f);
  });
  return dst;
}

/// The same for all types but Bool.
template <class F>
[[nodiscard]] Tensor map_numeric(const Tensor& src, const F& f) {
  Tensor dst(src.dtype(), src.shape());
  visit_numeric(src.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::map(dst.data<T>(), src.data<T>(), f);
  });
  return dst;
}

/// f(a, b) broadcast to `shape`; A, B and D are the element types of a, b and the result.
template <class D, class A, class B, class F>
[[nodiscard]] Tensor map_broadcast(const Shape& shape,
                                   const Tensor& a,
                                   const Tensor& b,
                                   const F& f) {
  Tensor dst(dtype_of<D>, shape);
  kernels::map(kernels::broadcast_loop<2>(shape, {&a.shape(), &b.shape()}),
               dst.data<D>().data(),
               a.data<A>().data(),
               b.data<B>().data(),
               f);
  return dst;
}

}  // namespace mtmi::interp
