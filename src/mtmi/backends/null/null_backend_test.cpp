#include "mtmi/backends/null/null_backend.h"

#include <array>

#include <gtest/gtest.h>

#include "mtmi/device/device.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

Graph graph_of(const std::string& op) {
  Graph graph;
  const ValueId x = graph.add_input("x", {.dtype = DType::Float32, .shape = {1, 4}});
  const ValueId y = graph.add_value("y", {.dtype = DType::Float32, .shape = {1, 4}});
  graph.add_node({.name = "n", .op = op, .inputs = {x}, .outputs = {y}, .attributes = {}});
  graph.add_output(y);
  return graph;
}

TEST(Null, RefusesWhatItCannotRunAndSaysWhy) {
  const auto backend = make_null_backend();
  const auto answers = backend->support(graph_of("Relu"), backend->capabilities()[0], {});
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_FALSE(answers[0]);
  EXPECT_EQ(answers[0].rule(), "null.operator");
  EXPECT_EQ(answers[0].reason(),
            "node 'n' (Relu): got operator Relu, expected Identity, the only one that this device "
            "runs");
  EXPECT_THROW((void)backend->compile(graph_of("Relu"), backend->capabilities()[0], {}), Error);
}

TEST(Null, RunsAnIdentityFromGraphToResult) {
  const auto backend = make_null_backend();
  const auto engine = backend->compile(graph_of("Identity"), backend->capabilities()[0], {});
  const auto device = backend->open(0);
  const auto executable = device->load(engine, nullptr);
  const auto src = device->allocate(16);
  const auto dst = device->allocate(16);
  Buffer* const inputs[] = {src.get()};
  Buffer* const outputs[] = {dst.get()};
  const auto invocation = executable->bind(inputs, outputs);
  const auto done = device->make_event();
  const auto stream = device->make_stream();
  src->host_data()[5] = std::byte{42};
  stream->enqueue(*invocation, {}, *done);
  ASSERT_TRUE(done->wait_for(std::chrono::minutes(1)));
  EXPECT_FALSE(done->error().has_value());
  EXPECT_EQ(dst->host_data()[5], std::byte{42});
}

TEST(Null, RefusesAnEngineThatIsNone) {
  const auto device = make_null_backend()->open(0);
  const std::vector<std::byte> text(100, std::byte{'x'});
  EXPECT_THROW((void)device->load(text, nullptr), Error);
}

}  // namespace
}  // namespace mtmi
