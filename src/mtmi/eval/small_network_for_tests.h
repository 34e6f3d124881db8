// The network of two tasks that tests of eval, and of the verb, measure.
#pragma once

namespace mtmi::eval {

/// An encoder of one feature with two heads, whose image input is dynamic (graph/text.h). What the
/// heads say is a function of the picture, not sense.
inline constexpr const char* kSmallNetwork = R"(graph "two_tasks" {
  input %image: f32[1,3,height,width]
  const %w1: f32[8,3,3,3] = random(1)
  const %ws: f32[19,8,1,1] = random(3)
  const %wd: f32[1,8,1,1] = random(4)
  const %up: f32[4] = [1, 1, 4, 4]
  const %tenth: f32[1] = [0.1]
  const %range: f32[] = [80]
  %a = Conv(%image, %w1) {strides = [4, 4], pads = [1, 1, 1, 1]}
  %f = Relu(%a)
  %s = Conv(%f, %ws)
  %scores = Resize(%s, _, %up) {mode = "linear"}
  %seg = ArgMax(%scores) {axis = 1, keepdims = 0}
  %d = Conv(%f, %wd)
  %small = Mul(%d, %tenth)
  %e = Sigmoid(%small)
  %near = Resize(%e, _, %up) {mode = "linear"}
  %depth = Mul(%near, %range)
  output %seg
  output %depth
})";

/// Its model card.
inline constexpr const char* kSmallNetworkCard = R"([output.seg]
task = "segmentation"
classes = "cityscapes"
[output.depth]
task = "depth"
canonical_focal = 40
)";

}  // namespace mtmi::eval
