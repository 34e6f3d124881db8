#include "mtmi/kernels/int8/isa_kernels.h"
#include "mtmi/kernels/int8/resize_row_isa.h"

namespace mtmi::kernels::int8::MTMI_ISA {

void resize_linear(const ResizeArgs& args) {
  if (!resizes_in_16_bits(args)) {
    resize_linear_ref(args);
    return;
  }
  const Finish finish(args);
  const std::int64_t row = args.width * args.factor_w * args.dst_pixel;
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    if (args.dst_half != nullptr) {
      resize_row(args, y, finish, args.dst_half + y * row);
    } else {
      resize_row(args, y, finish, args.dst + y * row);
    }
  }
}

void resize_nearest(const ResizeArgs& args) {
  const std::int64_t columns = args.width * args.factor_w;
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    const std::int8_t* row = args.src + y / args.factor_h * args.width * args.src_pixel;
    std::int8_t* to = args.dst + y * columns * args.dst_pixel;
    for (std::int64_t x = 0; x < args.width; ++x, row += args.src_pixel) {
      for (std::int64_t i = 0; i < args.factor_w; ++i, to += args.dst_pixel) {
        copy_bytes(to, row, args.channels);
      }
    }
  }
}

}  // namespace mtmi::kernels::int8::MTMI_ISA
