#include "mtmi/quant/qdq_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/error.h"
#include "mtmi/graph/text.h"

namespace mtmi::quant {
namespace {

using testing::HasSubstr;
using Scales = std::map<std::string, float>;

/// A graph with input %x, scales %s = 0.5, %t = 0.25, %many, zero points %zero, %one, %u8.
Graph graph_of(const std::string& body) {
  return parse_text(R"(graph "g" {
    input %x: f32[1,2,4,4]
    const %s: f32[] = [0.5]
    const %t: f32[1] = [0.25]
    const %many: f32[2] = [0.5, 0.25]
    const %negative: f32[] = [-0.5]
    const %zero: s8[] = [0]
    const %one: s8[] = [1]
    const %u8: u8[] = [0]
    const %w: f32[2,2,1,1] = random(1)
    const %w8: s8[2,2,1,1] = [1, 2, 3, 4]
    const %b32: s32[2] = [1, 2]
)" + body + "\n}");
}

std::string refusal(const std::string& body, ErrorCode code = ErrorCode::Unsupported) {
  try {
    static_cast<void>(read_qdq_scales(graph_of(body)));
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), code) << e.what();
    return e.what();
  }
  return "";
}

TEST(QdqReader, ScaleBelongsToTheTensorInFrontOfThePair) {
  EXPECT_EQ(read_qdq_scales(graph_of(R"(
    %q = QuantizeLinear(%x, %s, %zero)
    %d = DequantizeLinear(%q, %s, %zero)
    %r = Relu(%d)
    %q2 = QuantizeLinear(%r, %t, %zero)
    %d2 = DequantizeLinear(%q2, %t, %zero)
    %y = Sigmoid(%d2)
    output %y)")),
            (Scales{{"x", 0.5F}, {"r", 0.25F}}));
}

TEST(QdqReader, ScaleOfAResultBelongsToTheResult) {
  EXPECT_EQ(read_qdq_scales(graph_of(R"(
    %r = Relu(%x)
    %q = QuantizeLinear(%r, %s, %zero)
    %y = DequantizeLinear(%q, %s, %zero)
    output %y)")),
            (Scales{{"y", 0.5F}}));
}

TEST(QdqReader, WeightsAndBiasesAreLeftOut) {
  EXPECT_EQ(read_qdq_scales(graph_of(R"(
    %q = QuantizeLinear(%x, %s, %zero)
    %d = DequantizeLinear(%q, %s, %zero)
    %wd = DequantizeLinear(%w8, %many) {axis = 0}
    %bd = DequantizeLinear(%b32, %many) {axis = 0}
    %c = Conv(%d, %wd, %bd)
    %vq = QuantizeLinear(%w, %many) {axis = 0}
    %vd = DequantizeLinear(%vq, %many) {axis = 0}
    %y = Conv(%c, %vd)
    output %y)")),
            (Scales{{"x", 0.5F}}));
}

TEST(QdqReader, SeveralReadersOfOnePairAreOneScale) {
  EXPECT_EQ(read_qdq_scales(graph_of(R"(
    %q = QuantizeLinear(%x, %s, %zero)
    %d = DequantizeLinear(%q, %s, %zero)
    %e = DequantizeLinear(%q, %s, %zero)
    %p = QuantizeLinear(%x, %s, %zero)
    %f = DequantizeLinear(%p, %s, %zero)
    %y = Sum(%d, %e, %f)
    output %y)")),
            (Scales{{"x", 0.5F}}));
}

TEST(QdqReader, OutputTypeMayStandInPlaceOfTheZeroPoint) {
  EXPECT_EQ(read_qdq_scales(graph_of(R"(
    %q = QuantizeLinear(%x, %s) {output_dtype = 3}
    %y = DequantizeLinear(%q, %s)
    output %y)")),
            (Scales{{"y", 0.5F}}));
}

TEST(QdqReader, WhatCannotBeHonouredIsNamed) {
  EXPECT_THAT(refusal("%q = QuantizeLinear(%x, %s, %one) \"q1\"\n"
                      "%y = DequantizeLinear(%q, %s, %one)\n output %y"),
              HasSubstr("node 'q1' (QuantizeLinear): zero point: got 1, expected 0"));
  EXPECT_THAT(refusal("%q = QuantizeLinear(%x, %s, %u8) \"q1\"\n"
                      "%y = DequantizeLinear(%q, %s, %u8)\n output %y"),
              HasSubstr("node 'q1' (QuantizeLinear): zero point: got u8, expected 0 of s8"));
  EXPECT_THAT(refusal("%q = QuantizeLinear(%x, %s) \"q1\"\n"
                      "%y = DequantizeLinear(%q, %s)\n output %y"),
              HasSubstr("zero point: got none, which means u8"));
  EXPECT_THAT(refusal("%q = QuantizeLinear(%x, %many) {output_dtype = 3} \"q1\"\n"
                      "%y = DequantizeLinear(%q, %many)\n output %y"),
              HasSubstr("scale: got f32[2], expected one f32 for the whole tensor"));
  EXPECT_THAT(refusal("input %z: f32[]\n %q = QuantizeLinear(%x, %z, %zero) \"q1\"\n"
                      "%y = DequantizeLinear(%q, %z, %zero)\n output %y"),
              HasSubstr("scale: got a computed tensor"));
  EXPECT_THAT(refusal("%q = QuantizeLinear(%x, %s, %zero)\n"
                      "%y = DequantizeLinear(%q, %t, %zero) \"d1\"\n output %y"),
              HasSubstr("node 'd1' (DequantizeLinear): scale: got 0.25, expected 0.5"));
}

TEST(QdqReader, EndOfAPairAloneIsNamed) {
  EXPECT_THAT(refusal("%q = QuantizeLinear(%x, %s, %zero) \"q1\"\n output %q"),
              HasSubstr("node 'q1' (QuantizeLinear): got integers as a result of the graph"));
  EXPECT_THAT(refusal("%q = QuantizeLinear(%x, %s, %zero) \"q1\"\n"
                      "%y = Transpose(%q) \"turn\"\n output %y"),
              HasSubstr("got node 'turn' (Transpose) behind it, expected DequantizeLinear"));
  EXPECT_THAT(refusal("input %i: s8[4]\n %y = DequantizeLinear(%i, %s, %zero) \"d1\"\n output %y"),
              HasSubstr("node 'd1' (DequantizeLinear): got an input of the graph in front of it"));
}

TEST(QdqReader, UnusableScalesAreNamed) {
  EXPECT_THAT(refusal("%q = QuantizeLinear(%x, %negative, %zero)\n"
                      "%d = DequantizeLinear(%q, %negative, %zero)\n %y = Relu(%d)\n output %y",
                      ErrorCode::InvalidModel),
              HasSubstr("tensor 'x': got a negative scale"));
  EXPECT_THAT(refusal("%q = QuantizeLinear(%x, %s, %zero)\n %d = DequantizeLinear(%q, %s, %zero)\n"
                      "%p = QuantizeLinear(%x, %t, %zero)\n %e = DequantizeLinear(%p, %t, %zero)\n"
                      "%y = Add(%d, %e)\n output %y",
                      ErrorCode::InvalidModel),
              HasSubstr("tensor 'x': got two scales, 0.5 and 0.25, expected one"));
  EXPECT_THAT(refusal("%y = Relu(%x)\n output %y", ErrorCode::InvalidModel),
              HasSubstr("graph 'g' has no scales"));
}

}  // namespace
}  // namespace mtmi::quant
