// A small encoder and a head on two of its features, for the tests of this folder.
#pragma once

#include "mtmi/core/random_tensor.h"
#include "mtmi/graph/graph.h"
#include "mtmi/graph/text.h"

namespace mtmi::calibration {

inline Graph small_encoder() {
  return parse_text(R"(graph "encoder" {
  input %image: f32[1,3,16,16]
  const %w1: f32[8,3,3,3] = random(1)
  const %w2: f32[8,8,3,3] = random(2)
  %near: f32[1,8,8,8] = Conv(%image, %w1) {pads = [1, 1, 1, 1], strides = [2, 2]}
  %far: f32[1,8,4,4] = Conv(%near, %w2) {pads = [1, 1, 1, 1], strides = [2, 2]}
  output %near
  output %far
})");
}

inline Graph small_head() {
  return parse_text(R"(graph "head" {
  input %near: f32[1,8,8,8]
  input %far: f32[1,8,4,4]
  const %w: f32[8,8,3,3] = random(3)
  const %scales: f32[4] = [1, 1, 2, 2]
  const %bias: f32[8] = random(4)
  %conv: f32[1,8,8,8] = Conv(%near, %w, %bias) {pads = [1, 1, 1, 1]}
  %relu: f32[1,8,8,8] = Relu(%conv)
  %big: f32[1,8,8,8] = Resize(%far, _, %scales) {mode = "linear"}
  %sum: f32[1,8,8,8] = Add(%relu, %big)
  %scores: f32[1,8,8,8] = Conv(%sum, %w) {pads = [1, 1, 1, 1]}
  %labels: s64[1,8,8] = ArgMax(%scores) {axis = 1, keepdims = 0}
  output %labels
})");
}

}  // namespace mtmi::calibration
