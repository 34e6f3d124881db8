#include "mtmi/quant/scale_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/file.h"
#include "mtmi/core/temporary_folder.h"
#include "mtmi/error.h"
#include "mtmi/graph/text.h"
#include "mtmi/onnx/writer.h"

namespace mtmi::quant {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string refusal(const std::filesystem::path& path) {
  try {
    static_cast<void>(read_scales(path));
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(ScaleFile, FormatIsToldByTheContent) {
  const TemporaryFolder folder;
  ScaleTable table = imported({{"x", 0.5F}});
  table.graph_hash = std::string(32, 'a');
  table.images = 7;
  write_file(folder / "a", to_json(table));
  write_file(folder / "b", "TRT-8611-EntropyCalibration2\nx: 3f000000\n");
  onnx::write_model(parse_text(R"(graph "g" {
    input %x: f32[4]
    const %s: f32[] = [0.5]
    const %zero: s8[] = [0]
    %q: s8[4] = QuantizeLinear(%x, %s, %zero)
    %d: f32[4] = DequantizeLinear(%q, %s, %zero)
    %y: f32[4] = Relu(%d)
    output %y
  })"),
                    folder / "c");
  const ScaleFile json = read_scales(folder / "a");
  EXPECT_EQ(json.format, ScaleFormat::Json);
  EXPECT_EQ(json.table, table);
  const ScaleFile cache = read_scales(folder / "b");
  EXPECT_EQ(cache.format, ScaleFormat::Cache);
  EXPECT_EQ(cache.header, "TRT-8611-EntropyCalibration2");
  EXPECT_EQ(cache.table, imported({{"x", 0.5F}}));
  const ScaleFile qdq = read_scales(folder / "c");
  EXPECT_EQ(qdq.format, ScaleFormat::Qdq);
  EXPECT_EQ(qdq.table, imported({{"x", 0.5F}}));
}

TEST(ScaleFile, ErrorsBeginWithTheFile) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal(folder / "none"), HasSubstr("none: cannot open"));
  for (const char* text : {"", "hello", "{", "TRT-8611-EntropyCalibration2\nx: 0\n"}) {
    write_file(folder / "file", text);
    EXPECT_THAT(refusal(folder / "file"), StartsWith((folder / "file").string() + ": ")) << text;
  }
}

TEST(ScaleFile, ACacheBelongsToTheGraphOfTheTableBesideIt) {
  const TemporaryFolder folder;
  ScaleTable table = imported({{"x", 0.5F}});
  table.graph_hash = std::string(32, 'a');
  write_file(folder / "head.json", to_json(table));
  write_file(folder / "head.cache", "TRT-8611-EntropyCalibration2\nx: 3f000000\n");
  EXPECT_EQ(read_scales(folder / "head.cache").table.graph_hash, table.graph_hash);
  write_file(folder / "head.cache", "TRT-8611-EntropyCalibration2\nx: 3f000001\n");
  EXPECT_EQ(read_scales(folder / "head.cache").table.graph_hash, "") << "of other scales";
  write_file(folder / "head.json", "{}");
  EXPECT_EQ(read_scales(folder / "head.cache").table.graph_hash, "") << "no table";
}

TEST(ScaleFile, HeaderOfACacheIsSaidToBeWrong) {
  const TemporaryFolder folder;
  for (const char* text : {"", "hello\nx: 3f000000\n"}) {
    write_file(folder / "head.cache", text);
    EXPECT_THAT(refusal(folder / "head.cache"), HasSubstr("EntropyCalibration2")) << text;
  }
}

}  // namespace
}  // namespace mtmi::quant
