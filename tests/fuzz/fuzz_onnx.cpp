// Any bytes as an ONNX model: it is refused with a sentence, or read; and what is read can be
// written and read again.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

#include "one_sentence.h"

#include "mtmi/core/assert.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/error.h"
#include "mtmi/graph/graph.h"
#include "mtmi/onnx/reader.h"
#include "mtmi/onnx/writer.h"
#include "mtmi/ops/operator.h"

namespace {

using mtmi::fuzz::expect_one_sentence;

/// A file that the writer gives is one that the reader takes.
void write_and_read(const mtmi::Graph& graph, std::int64_t opset) {
  std::string written;
  expect_one_sentence([&] {
    mtmi::onnx::WriteOptions options;
    options.opset = opset;
    written = mtmi::onnx::serialize_model(graph, options);
  });
  if (written.empty()) {
    return;  // refused: not every opset can express every graph
  }
  try {
    const auto again = mtmi::onnx::parse_model(std::as_bytes(std::span(written)));
    MTMI_ASSERT(again.graph.outputs().size() == graph.outputs().size());
  } catch (const mtmi::Error& e) {
    std::fprintf(
        stderr, "written at opset %d, but not read: %s\n", static_cast<int>(opset), e.what());
    std::abort();
  }
}

void read_and_write(std::span<const std::byte> bytes) {
  mtmi::Graph graph = mtmi::onnx::parse_model(bytes).graph;
  MTMI_ASSERT(!mtmi::find_defect(graph));
  expect_one_sentence([&graph] { mtmi::ops::infer_types(graph); });
  for (const std::int64_t opset : {13, 17, 21}) {
    write_and_read(graph, opset);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mtmi::set_memory_limit(std::size_t{1} << 30);
  expect_one_sentence([=] { read_and_write(std::as_bytes(std::span(data, size))); });
  return 0;
}
