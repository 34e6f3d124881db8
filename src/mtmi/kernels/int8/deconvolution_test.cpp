#include "mtmi/kernels/int8/deconvolution.h"

#include <vector>

#include "mtmi/kernels/int8/variants_testing.h"

namespace mtmi::kernels::int8 {
namespace {

/// One axis, and its extent of the destination.
Window random_axis(Random& random) {
  const auto pick = [&random](std::int64_t low, std::int64_t high) {
    return low +
           static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(high - low + 1)));
  };
  Window w{.in = pick(1, 6),
           .kernel = pick(1, 4),
           .stride = pick(1, 4),
           .dilation = pick(1, 3),
           .pad_begin = pick(0, 3)};
  w.out = std::max<std::int64_t>(
      1, (w.in - 1) * w.stride + w.reach() - w.pad_begin - pick(0, 2) + pick(0, 2));
  return w;
}

void expect_as_reference(const DeconvolutionShape& shape, bool half, Random& random, Int8Isa isa) {
  const auto weights = random_bytes(
      shape.ic * shape.oc / shape.groups * shape.h.kernel * shape.w.kernel, random, -127);
  const ChannelValues channels(shape.oc, shape.depth(), random);
  Epilogue epilogue = channels.epilogue(random);
  epilogue.half = half;
  const PackedDeconvolution packed(shape, weights, epilogue, isa);
  const std::int64_t src_pixel = (shape.ic + 31) / 32 * 32;
  const auto src = random_bytes(shape.h.in * shape.w.in * src_pixel, random);
  const std::int64_t dst_pixel = shape.oc + 5;
  const auto size = static_cast<std::size_t>(shape.h.out * shape.w.out * dst_pixel);
  std::vector<std::int16_t> got(size, 77);
  std::vector<std::int16_t> expected = got;
  AlignedBytes scratch(packed.scratch_bytes());
  ConvolutionArgs args{.src = src.data(),
                       .src_pixel = src_pixel,
                       .dst = expected.data(),
                       .dst_pixel = dst_pixel,
                       .dst_channels = shape.oc + 2,
                       .row_begin = 0,
                       .row_end = shape.h.out,
                       .scratch = scratch.data()};
  deconvolution_ref(shape, weights, epilogue, args);
  args.dst = got.data();
  const std::int64_t cut = shape.h.out / 2;
  args.row_end = cut;
  deconvolution(packed, args);
  args.row_begin = cut;
  args.row_end = shape.h.out;
  deconvolution(packed, args);
  ASSERT_EQ(got, expected) << to_string(isa) << " " << shape.h.stride << " " << shape.w.stride;
}

TEST(Deconvolution, EveryVariantGivesTheBitsOfTheScatteredSums) {
  for (const Int8Kernels& kernels : runnable_int8_kernels()) {
    Random random(21);
    for (int i = 0; i < 400; ++i) {
      const auto groups = static_cast<std::int64_t>(1 + random.below(3));
      const DeconvolutionShape shape{.h = random_axis(random),
                                     .w = random_axis(random),
                                     .ic = groups * static_cast<std::int64_t>(1 + random.below(9)),
                                     .oc = groups * static_cast<std::int64_t>(1 + random.below(9)),
                                     .groups = groups};
      expect_as_reference(shape, random.below(4) == 0, random, kernels.isa);
    }
  }
}

}  // namespace
}  // namespace mtmi::kernels::int8
