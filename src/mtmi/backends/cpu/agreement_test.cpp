// Every lowering, kernel and fusion against the interpreter: graphs as text, on each instruction
// set, with and without optimisation.
#include <gtest/gtest.h>

#include "mtmi/backends/cpu/engine_runner.h"
#include "mtmi/graph/random_inputs.h"
#include "mtmi/graph/text.h"
#include "mtmi/interp/interpreter.h"
#include "mtmi/ops/operator.h"
#include "mtmi/ops/output_agreement.h"

namespace mtmi::cpu {
namespace {

struct Case {
  const char* name;
  const char* text;
};

/// Printed by GoogleTest.
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class Agreement : public testing::TestWithParam<Case> {};

TEST_P(Agreement, WithTheInterpreter) {
  Graph graph = parse_text(GetParam().text);
  ops::infer_types(graph);
  const TensorMap inputs = random_inputs(graph, 41);
  const TensorMap expected = interpret(graph, inputs);
  for (const Isa isa : {Isa::Generic, Isa::Avx2, Isa::Avx512}) {
    if (!has_isa(isa)) {
      continue;
    }
    for (const bool optimize : {true, false}) {
      CompileOptions options;
      options.optimize = optimize;
      const TensorMap got = run_on_cpu(graph, inputs, isa, options);
      const auto run_reference = [&](const Graph& scores) { return interpret(scores, inputs); };
      for (const auto& [name, dtype, agreement] :
           ops::compare_outputs(graph, expected, got, run_reference)) {
        // Sums of some hundred products through Winograd's form, and what a sigmoid or a division
        // behind them makes of their rounding: docs/numerics.md.
        EXPECT_TRUE(agrees(agreement, dtype, 3e-5))
            << name << " on " << to_string(isa) << (optimize ? "" : " plain") << ": "
            << describe(agreement, dtype);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cpu,
                         Agreement,
                         testing::Values(Case{"conv7x7s4", R"(graph "g" {
  input %x: f32[2,3,21,34]
  const %w: f32[20,3,7,7] = random(1)
  const %b: f32[20] = random(2)
  %y = Conv(%x, %w, %b) {pads = [3, 3, 3, 3], strides = [4, 4]}
  output %y
})"},
                                         Case{"conv_groups_dilations", R"(graph "g" {
  input %x: f32[1,12,9,11]
  const %w: f32[8,3,3,2] = random(1)
  %y = Conv(%x, %w) {group = 4, pads = [2, 1, 0, 2], dilations = [2, 3]}
  output %y
})"},
                                         Case{"conv_reduction_in_place", R"(graph "g" {
  input %x: f32[1,8,12,16]
  const %w: f32[24,8,4,4] = random(1)
  %y = Conv(%x, %w) {strides = [4, 4]}
  output %y
})"},
                                         Case{"conv_pads_wider_than_source", R"(graph "g" {
  input %x: f32[1,2,2,1]
  const %w: f32[3,2,3,3] = random(1)
  %y = Conv(%x, %w) {pads = [4, 4, 4, 4]}
  output %y
})"},
                                         Case{"winograd_relu_residual", R"(graph "g" {
  input %x: f32[2,33,13,18]
  input %r: f32[2,40,13,18]
  const %w: f32[40,33,3,3] = random(1)
  const %b: f32[40] = random(2)
  %c = Conv(%x, %w, %b) {pads = [1, 1, 1, 1]}
  %s = Add(%c, %r)
  %y = Relu(%s)
  output %y
})"},
                                         Case{"winograd_gelu", R"(graph "g" {
  input %x: f32[1,32,5,3]
  const %w: f32[32,32,3,3] = random(1)
  %c = Conv(%x, %w) {pads = [1, 1, 1, 1]}
  %y = Gelu(%c)
  output %y
  output %c
})"},
                                         Case{"depthwise", R"(graph "g" {
  input %x: f32[2,37,9,14]
  const %w: f32[37,1,3,3] = random(1)
  const %b: f32[37] = random(2)
  %c = Conv(%x, %w, %b) {pads = [1, 1, 1, 1], group = 37}
  %y = Gelu(%c)
  output %y
})"},
                                         Case{"concat_that_only_a_1x1_reads", R"(graph "g" {
  input %a: f32[2,19,5,7]
  input %b: f32[2,24,10,14]
  const %scales: f32[4] = [1, 1, 2, 2]
  const %v: f32[24,19,1,1] = random(1)
  const %w: f32[40,72,1,1] = random(2)
  const %bias: f32[40] = random(3)
  %p = Conv(%a, %v)
  %u = Resize(%p, _, %scales) {mode = "linear"}
  %r = Relu(%b)
  %t = Tanh(%b)
  %c = Concat(%u, %r, %t) {axis = 1}
  %d = Conv(%c, %w, %bias)
  %y = Relu(%d)
  output %y
})"},
                                         Case{"concat_of_resized_maps", R"(graph "g" {
  input %a: f32[1,24,4,6]
  input %b: f32[1,32,8,12]
  const %scales: f32[4] = [1, 1, 2, 2]
  const %w: f32[28,56,3,3] = random(1)
  const %v: f32[1,28,3,3] = random(2)
  const %k: f32[] = [80]
  %u = Resize(%a, _, %scales) {mode = "linear"}
  %c = Concat(%u, %b) {axis = 1}
  %d = Conv(%c, %w) {pads = [1, 1, 1, 1]}
  %e = Relu(%d)
  %f = Resize(%e, _, %scales) {mode = "linear"}
  %g = Conv(%f, %v) {pads = [1, 1, 1, 1]}
  %h = Sigmoid(%g)
  %y = Mul(%h, %k)
  output %y
})"},
                                         Case{"resize_add_relu", R"(graph "g" {
  input %a: f32[1,19,4,6]
  input %b: f32[1,19,16,24]
  const %sizes: s64[4] = [1, 19, 16, 24]
  %u = Resize(%a, _, _, %sizes) {mode = "linear", coordinate_transformation_mode = "pytorch_half_pixel"}
  %c = Add(%b, %u)
  %y = Relu(%c)
  output %y
})"},
                                         Case{"resize_nearest_and_cubic", R"(graph "g" {
  input %a: f32[1,3,4,6]
  const %scales: f32[4] = [1, 1, 2.5, 3]
  %n = Resize(%a, _, %scales) {mode = "nearest"}
  %c = Resize(%a, _, %scales) {mode = "cubic"}
  output %n
  output %c
})"},
                                         Case{"labels", R"(graph "g" {
  input %a: f32[1,19,4,6]
  const %scales: f32[4] = [1, 1, 4, 4]
  %u = Resize(%a, _, %scales) {mode = "linear"}
  %y = ArgMax(%u) {axis = 1, keepdims = 0}
  output %y
})"},
                                         Case{"labels_of_odd_factors", R"(graph "g" {
  input %a: f32[2,7,4,6]
  const %three: f32[4] = [1, 1, 2, 3]
  const %other: f32[4] = [1, 1, 2, 1.5]
  %u = Resize(%a, _, %three) {mode = "linear"}
  %v = Resize(%a, _, %other) {mode = "linear"}
  %w = Resize(%a, _, %three) {mode = "linear", coordinate_transformation_mode = "align_corners"}
  %y = ArgMax(%u) {axis = 1}
  %z = ArgMax(%v) {axis = 1}
  %q = ArgMax(%w) {axis = 1}
  output %y
  output %z
  output %q
})"},
                                         Case{"few_outputs", R"(graph "g" {
  input %x: f32[2,20,37,23]
  const %w: f32[2,20,3,3] = random(1)
  const %b: f32[2] = random(2)
  const %v: f32[1,20,3,5] = random(3)
  %c = Conv(%x, %w, %b) {pads = [1, 1, 1, 1]}
  %y = Sigmoid(%c)
  %z = Conv(%x, %v) {pads = [2, 0, 1, 3], dilations = [2, 1]}
  output %y
  output %z
})"},
                                         Case{"tokens_of_a_map", R"(graph "g" {
  input %x: f32[1,40,6,5]
  const %w: f32[40,48] = random(1)
  const %b: f32[48] = random(2)
  const %back: f32[48,40] = random(3)
  const %gamma: f32[40] = random(4)
  const %beta: f32[40] = random(5)
  const %flat: s64[3] = [1, 40, 30]
  const %map: s64[4] = [1, 40, 6, 5]
  %f = Reshape(%x, %flat)
  %t = Transpose(%f) {perm = [0, 2, 1]}
  %n = LayerNormalization(%t, %gamma, %beta) {axis = -1, epsilon = 0.00001}
  %u = MatMul(%n, %w)
  %v = Add(%b, %u)
  %g = Gelu(%v)
  %d = MatMul(%g, %back)
  %r = Add(%d, %t)
  %q = Transpose(%r) {perm = [0, 2, 1]}
  %y = Reshape(%q, %map)
  output %y
})"},
                                         Case{"attention", R"(graph "g" {
  input %q: f32[2,3,50,20]
  input %k: f32[2,3,33,20]
  input %v: f32[2,3,33,24]
  %y = Attention(%q, %k, %v) {scale = 0.25}
  output %y
})"},
                                         Case{"softmax_of_products", R"(graph "g" {
  input %q: f32[2,3,10,20]
  input %k: f32[1,3,20,15]
  %s = MatMul(%q, %k)
  %y = Softmax(%s) {axis = -1}
  %z = Softmax(%s) {axis = 1}
  output %y
  output %z
})"},
                                         Case{"gemm", R"(graph "g" {
  input %x: f32[5,30]
  const %w: f32[11,30] = random(1)
  const %b: f32[11] = random(2)
  %y = Gemm(%x, %w, %b) {transB = 1, alpha = 0.5}
  output %y
})"},
                                         Case{"broadcasting", R"(graph "g" {
  input %x: f32[2,5,6,7]
  input %s: f32[2,5,1,1]
  const %c: f32[5,1,1] = random(1)
  const %r: f32[6,1] = random(2)
  const %one: f32[] = [0.5]
  %a = Mul(%x, %s)
  %b = Sub(%c, %a)
  %d = Div(%b, %one)
  %e = Max(%d, %r)
  %y = Min(%e, %x)
  output %y
})"},
                                         Case{"squeeze_and_excite", R"(graph "g" {
  input %x: f32[1,16,6,7]
  const %w: f32[16,16,1,1] = random(1)
  %c = Conv(%x, %w)
  %p = GlobalAveragePool(%c)
  %s = HardSigmoid(%p)
  %m = Mul(%c, %s)
  %y = HardSwish(%m)
  output %y
})"},
                                         Case{"pools", R"(graph "g" {
  input %x: f32[2,17,9,10]
  %a = MaxPool(%x) {kernel_shape = [3, 3], strides = [2, 2], pads = [1, 1, 1, 1]}
  %b = AveragePool(%x) {kernel_shape = [3, 2], strides = [2, 2], pads = [1, 0, 1, 1], count_include_pad = 1}
  %c = AveragePool(%x) {kernel_shape = [3, 3], strides = [2, 2], pads = [1, 1, 1, 1], ceil_mode = 1}
  output %a
  output %b
  output %c
})"},
                                         Case{"pairs_per_tensor", R"(graph "g" {
  input %x: f32[1,24,6,8]
  const %w: f32[32,24,3,3] = random(1)
  const %s: f32[] = [0.015625]
  const %z: s8[] = [0]
  const %t: f32[] = [0.03125]
  const %u: u8[] = [128]
  const %scales: f32[4] = [1, 1, 2, 2]
  %xi = QuantizeLinear(%x, %s, %z)
  %xq = DequantizeLinear(%xi, %s, %z)
  %c = Conv(%xq, %w) {pads = [1, 1, 1, 1]}
  %r = Relu(%c)
  %e = Resize(%r, _, %scales) {mode = "linear"}
  %d = Add(%e, %e)
  %yi = QuantizeLinear(%xq, %t, %u)
  %y = DequantizeLinear(%yi, %t, %u)
  output %d
  output %xi
  output %y
})"},
                                         Case{"weights_through_pairs", R"(graph "g" {
  input %x: f32[1,3,6,8]
  const %w: f32[5,3,3,3] = random(1)
  const %s: f32[5] = [0.015625, 0.0078125, 0.01, 0.02, 0.03]
  const %z: s8[5] = [0, 0, 0, 0, 0]
  %wi = QuantizeLinear(%w, %s, %z) {axis = 0}
  %wq = DequantizeLinear(%wi, %s, %z) {axis = 0}
  %y = Conv(%x, %wq) {pads = [1, 1, 1, 1]}
  output %y
})"},
                                         Case{"pairs_per_channel", R"(graph "g" {
  input %x: f32[1,3,6,8]
  const %s: f32[3] = [0.015625, 0.0078125, 0.01]
  const %z: u8[3] = [128, 100, 0]
  %i = QuantizeLinear(%x, %s, %z) {axis = 1}
  %y = DequantizeLinear(%i, %s, %z) {axis = 1}
  output %y
})"},
                                         Case{"transposes", R"(graph "g" {
  input %x: f32[3,4,5,6]
  %a = Transpose(%x) {perm = [3, 1, 0, 2]}
  %b = Transpose(%a) {perm = [1, 0, -1, -2]}
  %c = Transpose(%x)
  %y = Relu(%b)
  output %y
  output %c
})"},
                                         Case{"activations", R"(graph "g" {
  input %x: f32[3,29]
  const %low: f32[] = [-0.25]
  const %high: f32[] = [0.5]
  %a = Clip(%x, %low, %high)
  %b = LeakyRelu(%x) {alpha = 0.2}
  %c = Elu(%x)
  %d = Tanh(%x)
  %e = Exp(%x)
  %f = Erf(%x)
  %g = Gelu(%x) {approximate = "tanh"}
  %h = Abs(%x)
  %i = Neg(%h)
  output %a
  output %b
  output %c
  output %d
  output %e
  output %f
  output %g
  output %i
})"}),
                         [](const testing::TestParamInfo<Case>& c) {
                           return std::string(c.param.name);
                         });

std::vector<std::string> steps_of(const Graph& graph) {
  const auto backend = make_cpu_backend();
  const Engine engine =
      read_engine(backend->compile(graph, backend->capabilities().front(), {}), nullptr);
  std::vector<std::string> steps;
  for (const NodeId id : engine.graph.order()) {
    if (engine.graph.node(id).op != "host.View") {
      steps.push_back(engine.graph.node(id).op);
    }
  }
  return steps;
}

TEST(CpuLowering, AWholeBlockNeedsNoTranspose) {
  Graph graph = parse_text(R"(graph "g" {
  input %x: f32[1,32,8,8]
  const %w: f32[32,32,3,3] = random(1)
  const %m: f32[32,32] = random(2)
  const %flat: s64[3] = [1, 32, 64]
  const %map: s64[4] = [1, 32, 8, 8]
  %a = Conv(%x, %w) {pads = [1, 1, 1, 1]}
  %f = Reshape(%a, %flat)
  %t = Transpose(%f) {perm = [0, 2, 1]}
  %u = MatMul(%t, %m)
  %r = Add(%u, %t)
  %q = Transpose(%r) {perm = [0, 2, 1]}
  %z = Reshape(%q, %map)
  %y = Conv(%z, %w) {pads = [1, 1, 1, 1]}
  output %y
})");
  ops::infer_types(graph);
  EXPECT_EQ(steps_of(graph),
            (std::vector<std::string>{
                "Transpose", "cpu.Winograd", "cpu.Linear", "cpu.Winograd", "Transpose"}));
}

TEST(CpuLowering, PairsBecomePartOfTheStepsAroundThem) {
  Graph graph = parse_text(R"(graph "g" {
  input %x: f32[1,32,8,8]
  const %w: f32[32,32,3,3] = random(1)
  const %s: f32[] = [0.25]
  const %t: f32[32] = random(2, 0.1, 0.2)
  const %z: s8[] = [0]
  %wi = QuantizeLinear(%w, %t) {axis = 0, output_dtype = 3}
  %wq = DequantizeLinear(%wi, %t) {axis = 0}
  %c = Conv(%x, %wq) {pads = [1, 1, 1, 1]}
  %r = Relu(%c)
  %i = QuantizeLinear(%r, %s, %z)
  %q = DequantizeLinear(%i, %s, %z)
  output %q
})");
  ops::infer_types(graph);
  EXPECT_EQ(steps_of(graph), (std::vector<std::string>{"Transpose", "cpu.Winograd", "Transpose"}));
}

TEST(CpuLowering, AConcatThatOnlyA1x1ReadsIsNeverWritten) {
  Graph graph = parse_text(R"(graph "g" {
  input %x: f32[1,8,6,6]
  const %v: f32[16,8,1,1] = random(1)
  const %w: f32[4,32,1,1] = random(2)
  %a = Conv(%x, %v)
  %b = Tanh(%a)
  %c = Concat(%a, %b) {axis = 1}
  %y = Conv(%c, %w)
  output %y
})");
  ops::infer_types(graph);
  EXPECT_EQ(steps_of(graph),
            (std::vector<std::string>{
                "Transpose", "cpu.Conv", "cpu.Activation", "cpu.Conv", "Transpose"}));
}

}  // namespace
}  // namespace mtmi::cpu
