// Reader, inference and interpreter each have a table of operators: they speak of the same ones.
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/interp/interpreter.h"
#include "mtmi/onnx/operator_history.h"
#include "mtmi/ops/operator.h"

namespace mtmi::conformance {
namespace {

TEST(OperatorTables, TheReaderTakesWhatInferenceKnows) {
  std::set<std::string> read;
  for (const onnx::OperatorHistory& history : onnx::operator_histories()) {
    read.emplace(history.op);
  }
  read.erase("Upsample");     // becomes a Resize
  read.emplace("Attention");  // the passes make it, no file has it
  std::set<std::string> known;
  for (const ops::Operator& op : ops::operators()) {
    known.emplace(op.name);
  }
  EXPECT_THAT(read, testing::ContainerEq(known));
}

TEST(OperatorTables, EveryOperatorHasAReferenceKernel) {
  for (const ops::Operator& op : ops::operators()) {
    EXPECT_TRUE(can_evaluate(op.name)) << op.name;
  }
}

}  // namespace
}  // namespace mtmi::conformance
