#include "mtmi/kernels/int8/elementwise.h"

#include <vector>

#include "mtmi/kernels/int8/variants_testing.h"

namespace mtmi::kernels::int8 {
namespace {

std::int64_t pick(Random& random, std::uint64_t most) {
  return static_cast<std::int64_t>(1 + random.below(most));
}

Requantisation random_requantisation(Random& random) {
  Requantisation r{.multiplier = random.below(2) == 0 ? 0.5F : random.uniform(0.01F, 2.0F)};
  r.negative_multiplier =
      random.below(2) == 0 ? r.multiplier : r.multiplier * random.uniform(-1.0F, 1.0F);
  r.rounding = random.below(2) == 0 ? Rounding::HalfToEven : Rounding::HalfAwayFromZero;
  if (random.below(3) == 0) {
    r.bounds = {.lo = 0, .hi = static_cast<std::int8_t>(random.below(128))};
  }
  return r;
}

/// Runs `f` with arguments of random extents, the kernel's into one destination and the reference's
/// into another; what lies behind the rows must stay.
template <class Kernel, class Reference>
void expect_unary_as(Random& random, Kernel kernel, Reference reference) {
  UnaryArgs args{.pixels = pick(random, 6), .channels = pick(random, 100)};
  args.src_pixel = args.channels + static_cast<std::int64_t>(random.below(2)) * 7;
  args.dst_pixel = args.channels + static_cast<std::int64_t>(random.below(2)) * 5;
  const auto src = random_bytes(args.pixels * args.src_pixel, random);
  std::vector<std::int8_t> got(static_cast<std::size_t>(args.pixels * args.dst_pixel), 99);
  std::vector<std::int8_t> expected = got;
  args.src = src.data();
  args.dst = expected.data();
  reference(args);
  args.dst = got.data();
  kernel(args);
  ASSERT_EQ(got, expected) << args.pixels << "x" << args.channels;
}

TEST(Elementwise, EveryVariantOfRescaleGivesTheBitsOfTheReference) {
  for (const Int8Kernels& kernels : runnable_int8_kernels()) {
    Random random(41);
    for (int i = 0; i < 1000; ++i) {
      const Requantisation r = random_requantisation(random);
      expect_unary_as(
          random,
          [&](const UnaryArgs& args) { kernels.rescale(args, r); },
          [&](const UnaryArgs& args) { rescale_ref(args, r); });
    }
  }
}

TEST(Elementwise, EveryVariantOfLookingUpAndCopyingGivesTheBitsOfTheReference) {
  for (const Int8Kernels& kernels : runnable_int8_kernels()) {
    Random random(42);
    for (int i = 0; i < 300; ++i) {
      const auto table = random_bytes(256, random);
      expect_unary_as(
          random,
          [&](const UnaryArgs& args) { kernels.look_up(args, table.data()); },
          [&](const UnaryArgs& args) { look_up_ref(args, table.data()); });
      expect_unary_as(random, kernels.copy, copy_ref);
    }
  }
}

/// Strides of an operand, broadcast or not, and how many elements it has.
std::int64_t choose_strides(BinaryArgs::Operand& x, const BinaryArgs& args, Random& random) {
  x.channel = random.below(4) == 0 ? 0 : 1;
  const std::int64_t row = x.channel == 0 ? 1 : args.channels;
  x.pixel = random.below(4) == 0 ? 0 : row + static_cast<std::int64_t>(random.below(2)) * 3;
  return x.pixel * (args.pixels - 1) + row;
}

TEST(Elementwise, EveryVariantOfTwoOperandsGivesTheBitsOfTheReference) {
  for (const Int8Kernels& kernels : runnable_int8_kernels()) {
    Random random(43);
    for (int i = 0; i < 2000; ++i) {
      BinaryArgs args{.op = static_cast<BinaryOp>(random.below(5)),
                      .pixels = pick(random, 6),
                      .channels = pick(random, 100),
                      .requantisation = random_requantisation(random)};
      const auto a = random_bytes(choose_strides(args.a, args, random), random);
      const auto b = random_bytes(choose_strides(args.b, args, random), random);
      args.a.data = a.data();
      args.b.data = b.data();
      args.dst_pixel = args.channels + static_cast<std::int64_t>(random.below(2)) * 5;
      std::vector<std::int8_t> got(static_cast<std::size_t>(args.pixels * args.dst_pixel), 99);
      std::vector<std::int8_t> expected = got;
      args.dst = expected.data();
      binary_ref(args);
      args.dst = got.data();
      kernels.binary(args);
      ASSERT_EQ(got, expected) << to_string(kernels.isa) << " operation "
                               << static_cast<int>(args.op);
    }
  }
}

TEST(Elementwise, ReluLeakyAndAbsAreRescalings) {
  const std::vector<std::int8_t> src{-100, -3, 0, 50};
  const auto rescaled = [&src](const Requantisation& r) {
    std::vector<std::int8_t> dst(src.size());
    rescale_ref({.src = src.data(), .dst = dst.data(), .pixels = 1, .channels = 4}, r);
    return dst;
  };
  EXPECT_EQ(rescaled({.bounds = {.lo = 0}}), (std::vector<std::int8_t>{0, 0, 0, 50}));
  EXPECT_EQ(rescaled({.negative_multiplier = 0.5F}), (std::vector<std::int8_t>{-50, -2, 0, 50}));
  EXPECT_EQ(rescaled({.negative_multiplier = -1.0F}), (std::vector<std::int8_t>{100, 3, 0, 50}));
}

}  // namespace
}  // namespace mtmi::kernels::int8
