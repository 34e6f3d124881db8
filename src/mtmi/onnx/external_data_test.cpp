#include "mtmi/onnx/external_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/file.h"
#include "mtmi/core/temporary_folder.h"
#include "mtmi/error.h"
#include "mtmi/onnx/proto_builder.h"

namespace mtmi::onnx {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

/// A folder with the file "w.data" of 16 bytes, and a model that reads from some location.
class ExternalData : public testing::Test {
 protected:
  ExternalData() {
    const float values[] = {1.0F, 2.0F, 3.0F, 4.0F};
    write_file(folder_ / "model" / "w.data", std::as_bytes(std::span(values)));
    write_file(folder_ / "outside.data", std::as_bytes(std::span(values)));
  }

  [[nodiscard]] OnnxModel read(const std::string& location,
                               const std::string& offset,
                               const std::string& length) const {
    pb::ModelProto model = make_relu();
    pb::TensorProto& tensor = add_initializer(model, "w", pb::TensorProto::FLOAT, {2});
    tensor.set_data_location(pb::TensorProto::EXTERNAL);
    for (const auto& [key, value] :
         {std::pair{"location", location}, std::pair{"offset", offset}, {"length", length}}) {
      if (!value.empty()) {
        pb::StringStringEntryProto& entry = *tensor.add_external_data();
        entry.set_key(key);
        entry.set_value(value);
      }
    }
    write_file(folder_ / "model" / "m.onnx", model.SerializeAsString());
    return read_model(folder_ / "model" / "m.onnx");
  }

  [[nodiscard]] std::string refusal(const std::string& location,
                                    const std::string& offset = "",
                                    const std::string& length = "") const {
    try {
      static_cast<void>(read(location, offset, length));
    } catch (const Error& e) {
      return e.what();
    }
    return "no error";
  }

  const TemporaryFolder folder_;
};

TEST_F(ExternalData, IsMappedAtItsOffset) {
  for (const std::string length : {"8", ""}) {
    const OnnxModel model = read("w.data", "4", length);
    const Value& w = model.graph.value(*model.graph.find_value("w"));
    EXPECT_THAT(w.constant->data<float>(), ElementsAre(2.0F, 3.0F));
  }
}

TEST_F(ExternalData, AtAnUnalignedOffsetIsCopied) {
  const OnnxModel model = read("w.data", "1", "8");
  EXPECT_EQ(model.graph.value(*model.graph.find_value("w")).constant->num_elements(), 2);
}

TEST_F(ExternalData, OutsideTheModelsFolderIsRefused) {
  EXPECT_THAT(refusal((folder_ / "model" / "w.data").string()), HasSubstr("absolute path"));
  EXPECT_THAT(refusal("../outside.data"), HasSubstr("got a path with '..'"));
  EXPECT_THAT(refusal("x/../../outside.data"), HasSubstr("external data"));
  fs::create_symlink("../outside.data", folder_ / "model" / "link");
  fs::create_directory_symlink("..", folder_ / "model" / "up");
  EXPECT_THAT(refusal("link"), HasSubstr("'link' is a symbolic link"));
  EXPECT_THAT(refusal("up/outside.data"), HasSubstr("'up' is a symbolic link"));
  EXPECT_THAT(refusal("."), HasSubstr("not a regular file"));
  EXPECT_THAT(refusal(""), HasSubstr("empty"));
  EXPECT_THAT(refusal("none.data"), HasSubstr("no such file"));
  EXPECT_THAT(refusal("w.data/x"), HasSubstr("no such file"));
}

TEST_F(ExternalData, OutsideTheFileIsRefused) {
  EXPECT_THAT(refusal("w.data", "12"),
              HasSubstr("got offset 12 and length 8, but the file has 16"));
  EXPECT_THAT(refusal("w.data", "18446744073709551608"), HasSubstr("but the file has 16 bytes"));
  EXPECT_THAT(refusal("w.data", "-4"), HasSubstr("got '-4' as offset"));
  EXPECT_THAT(refusal("w.data", "", "12"), HasSubstr("got 12 bytes of external data, expected 8"));
}

TEST_F(ExternalData, OfAModelFromMemoryIsRefused) {
  ExternalFiles files(std::nullopt);
  EXPECT_THROW(static_cast<void>(files.view("w.data", 0, std::nullopt)), Error);
}

}  // namespace
}  // namespace mtmi::onnx
