#include "mtmi/backends/common_host/node_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/error.h"
#include "mtmi/graph/text.h"

namespace mtmi::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class NodeReaderTest : public testing::Test {
 protected:
  Graph graph_ = parse_text(R"(graph "lowered" {
  input %x: f32[1,2]
  const %k: f32[2] = [3, 4]
  %y: f32[1,2] = Something(%x, _, %k) {ends = [0, 7], far = [1, 2147483648], below = [-1, 0], one = [1]}
  output %y
})");
  NodeReader node_{graph_, graph_.order().front()};
};

TEST_F(NodeReaderTest, ReadsWhatIsThere) {
  EXPECT_EQ(node_.input(0), graph_.inputs().front());
  EXPECT_EQ(node_.output(), graph_.outputs().front());
  EXPECT_EQ(node_.shape(node_.output()), (Shape{1, 2}));
  EXPECT_THAT(node_.constant<float>(2), ElementsAre(3.0F, 4.0F));
  EXPECT_THAT(node_.pair("ends"), ElementsAre(0, 7));
}

TEST_F(NodeReaderTest, AnInputThatIsLeftOutIsNone) {
  EXPECT_EQ(node_.input(1), kNoValue);
  EXPECT_EQ(node_.input(9), kNoValue);
  EXPECT_TRUE(node_.constant<float>(1).empty());
  EXPECT_THROW(static_cast<void>(node_.shape(node_.input(1))), Error);
}

TEST_F(NodeReaderTest, WhatDoesNotHoldIsRefused) {
  EXPECT_THROW(static_cast<void>(node_.constant<std::int8_t>(2)), Error);
  EXPECT_THROW(static_cast<void>(node_.constant(0)), Error);
  for (const char* attribute : {"far", "below", "one", "missing"}) {
    EXPECT_THROW(static_cast<void>(node_.pair(attribute)), Error) << attribute;
  }
}

TEST_F(NodeReaderTest, ARefusalNamesTheNodeAndTheRemedy) {
  try {
    node_.require(false, "its weights are gone");
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidModel);
    EXPECT_THAT(error.what(), HasSubstr("(Something): its weights are gone; build the engine"));
  }
}

}  // namespace
}  // namespace mtmi::host
