#include "mtmi/ops/einsum.h"

#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

std::string shape_of(const std::string& equation, const std::vector<Shape>& operands) {
  return to_string(einsum_geometry(equation, operands).dst_shape());
}

std::string refused(const std::string& equation, const std::vector<Shape>& shapes) {
  SingleNode node{"Einsum", {}, {{"equation", equation}}};
  for (const Shape& shape : shapes) {
    node.inputs.emplace_back(f32(shape));
  }
  return refusal(node);
}

TEST(Einsum, ExplicitOutputOrdersTheLabels) {
  EXPECT_EQ(shape_of("bhid, bhjd -> bhij", {Shape{1, 2, 3, 4}, Shape{1, 2, 5, 4}}), "[1,2,3,5]");
  EXPECT_EQ(shape_of("ij->ji", {Shape{2, 3}}), "[3,2]");
  EXPECT_EQ(shape_of("i,i->", {Shape{3}, Shape{3}}), "[]");
}

TEST(Einsum, ImplicitOutputHasWhatOccursOnceSorted) {
  EXPECT_EQ(shape_of("ba", {Shape{2, 3}}), "[3,2]");
  EXPECT_EQ(shape_of("ij,jk", {Shape{2, 3}, Shape{3, 4}}), "[2,4]");
  EXPECT_EQ(shape_of("bA", {Shape{2, 3}}), "[3,2]");
  EXPECT_EQ(shape_of("ii", {Shape{3, 3}}), "[]");
}

TEST(Einsum, EllipsesBroadcastFromTheRight) {
  EXPECT_EQ(shape_of("...ij,...jk->...ik", {Shape{5, 1, 2, 3}, Shape{4, 3, 6}}), "[5,4,2,6]");
  EXPECT_EQ(shape_of("i...", {Shape{7, 2, 3}}), "[2,3,7]");
  EXPECT_EQ(shape_of("...->...", {Shape{}}), "[]");
}

TEST(Einsum, RepeatedLabelsRunAlongTheDiagonal) {
  const EinsumGeometry geometry = einsum_geometry("ii->i", std::vector{Shape{3, 3}});
  EXPECT_EQ(geometry.strides[0], std::vector<std::int64_t>{4});
}

TEST(Einsum, DamagedEquationsAreRefused) {
  EXPECT_EQ(refused("ij,jk", {Shape{2, 3}}),
            "got equation 'ij,jk' for 1 operands, expected one term for each");
  EXPECT_EQ(refused("ij->", {Shape{2}}),
            "got the term 'ij' for an operand of shape [2], expected as many labels as axes");
  EXPECT_EQ(refused("i->i", {Shape{2, 3}}),
            "got the term 'i' for an operand of shape [2,3], expected as many labels as axes");
  EXPECT_EQ(refused("i1->i", {Shape{2}}),
            "got an equation with 'i1', expected letters and at most one ellipsis");
  EXPECT_EQ(refused("......->", {Shape{2}}),
            "got an equation with '......', expected letters and at most one ellipsis");
  EXPECT_EQ(refused("i..->i", {Shape{2}}),
            "got an equation with 'i..', expected letters and at most one ellipsis");
  EXPECT_EQ(refused("i->j", {Shape{2}}),
            "got an output label that no operand has, expected labels of the operands");
  EXPECT_EQ(refused("i->ii", {Shape{2}}),
            "got an output label that is given twice, expected every label once");
  EXPECT_EQ(refused("i,i->", {Shape{2}, Shape{3}}),
            "got extents 2 and 3 of one label, expected equal ones, or 1");
  EXPECT_EQ(refused("i->i->i", {Shape{2}}),
            "got an equation with 'i->i', expected letters and at most one ellipsis");
  EXPECT_NE(refused("", {Shape{2}}), "");
}

}  // namespace
}  // namespace mtmi::ops
