#include "mtmi/bundle/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/file.h"
#include "mtmi/core/hash.h"
#include "mtmi/core/temporary_folder.h"
#include "mtmi/error.h"

namespace mtmi::bundle {
namespace {

using testing::HasSubstr;

HashedFile stored(const std::filesystem::path& folder, const char* path, const char* text) {
  write_file(folder / path, text);
  return {.path = path, .hash = hash_hex(MappedFile(folder / path).bytes())};
}

class BundleTest : public testing::Test {
 protected:
  BundleTest() {
    manifest_.mtmi_version = "0.1.0";
    manifest_.network = "net";
    manifest_.simplified = stored(folder_.path(), "net.onnx", "whole");
    manifest_.card = stored(folder_.path(), "card.toml", "card");
    manifest_.target = stored(folder_.path(), "target.toml", "target");
    manifest_.parts.push_back({.kind = PartKind::Head,
                               .name = "seg",
                               .head = "seg",
                               .model = stored(folder_.path(), "parts/seg.onnx", "part"),
                               .engine = stored(folder_.path(), "engines/seg.engine", "engine"),
                               .device = "cpu",
                               .capability = "x86-avx2",
                               .precision = "int8",
                               .fallback = "",
                               .predicted_ms = 1.25,
                               .scales = {{"cache", stored(folder_.path(), "seg.cache", "scales")}},
                               .inputs = {{.name = "f1",
                                           .dtype = DType::Int8,
                                           .shape = Shape{1, 32, 4, 4},
                                           .layout = Layout::Chw32,
                                           .scale = 0.1F}},
                               .outputs = {}});
    manifest_.verified.push_back({.output = "seg",
                                  .type = "s64",
                                  .bit_equal = false,
                                  .relative_difference = 0.5,
                                  .equal_fraction = 0.75,
                                  .quantized = true,
                                  .sqnr_db = 31.5,
                                  .relative_change = {}});
    write_file(folder_ / "manifest.json", to_json(manifest_));
  }

  std::string refusal() {
    try {
      static_cast<void>(open_bundle(folder_.path()));
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  }

  const TemporaryFolder folder_;
  Manifest manifest_;
};

TEST_F(BundleTest, ReadsBackAsTheSameValue) {
  EXPECT_EQ(open_bundle(folder_.path()), manifest_);
}

TEST(DescribeAgreement, KeepsWhatIsProvedApartFromWhatAgrees) {
  Manifest manifest;
  manifest.verified.push_back({.output = "boxes",
                               .type = "f32",
                               .bit_equal = false,
                               .relative_difference = 2.5e-6,
                               .equal_fraction = 0.9,
                               .quantized = false,
                               .sqnr_db = {},
                               .relative_change = {}});
  manifest.verified.push_back({.output = "seg",
                               .type = "s64",
                               .bit_equal = false,
                               .relative_difference = 1.0,
                               .equal_fraction = 0.99,
                               .quantized = true,
                               .sqnr_db = 31.52,
                               .relative_change = {}});
  manifest.verified.push_back({.output = "depth",
                               .type = "f32",
                               .bit_equal = false,
                               .relative_difference = 0.1,
                               .equal_fraction = 0.0,
                               .quantized = true,
                               .sqnr_db = 40.0,
                               .relative_change = 0.0125});
  EXPECT_EQ(describe_agreement(manifest),
            "built parts against the network as it came:\n"
            "  boxes: largest difference 2.5e-06 of the range\n"
            "INT8 and bf16 against the same parts in float32 (agreement, not accuracy):\n"
            "  seg: 1.000 % of the labels changed; 31.5 dB before the tail\n"
            "  depth: depth changed by 1.250 % on average; 40.0 dB before the tail\n");
}

TEST_F(BundleTest, EditedFileIsNamed) {
  write_file(folder_ / "engines/seg.engine", "another");
  EXPECT_THAT(refusal(), HasSubstr("engines/seg.engine: not what the bundle was made with"));
}

TEST_F(BundleTest, MissingFileIsNamed) {
  std::filesystem::remove(folder_ / "parts/seg.onnx");
  EXPECT_THAT(refusal(), HasSubstr("parts/seg.onnx: missing from the bundle"));
}

TEST_F(BundleTest, EditedManifestIsRefused) {
  std::string text = to_json(manifest_);
  text.replace(text.find("0.75"), 4, "0.95");
  write_file(folder_ / "manifest.json", text);
  EXPECT_THAT(refusal(), HasSubstr("manifest.json: not what the bundle was made with"));
}

TEST_F(BundleTest, EditedScalesAreNamed) {
  write_file(folder_ / "seg.cache", "other");
  EXPECT_THAT(refusal(), HasSubstr("seg.cache: not what the bundle was made with"));
}

TEST_F(BundleTest, EveryFlipInTheManifestIsASentenceOrHarmless) {
  const std::string text = to_json(manifest_);
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string damaged = text;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    try {
      static_cast<void>(parse_manifest(damaged, "manifest.json"));
    } catch (const Error& e) {
      EXPECT_FALSE(std::string(e.what()).empty());
    }
  }
}

TEST_F(BundleTest, PathsOutsideAreRefused) {
  manifest_.card.path = "../../etc/passwd";
  write_file(folder_ / "manifest.json", to_json(manifest_));
  EXPECT_THAT(refusal(), HasSubstr("points outside the bundle"));
}

TEST_F(BundleTest, AnotherFormatIsRefused) {
  std::string text = to_json(manifest_);
  text.replace(text.find("\"format\": 2"), 11, "\"format\": 9");
  write_file(folder_ / "manifest.json", text);
  EXPECT_THAT(refusal(), HasSubstr("its format is 9, this mtmi reads 2"));
}

TEST_F(BundleTest, NumbersThatAreNotWholeAreNoFormat) {
  std::string text = to_json(manifest_);
  text.replace(text.find("\"format\": 2"), 11, "\"format\": 1e300");
  write_file(folder_ / "manifest.json", text);
  EXPECT_THAT(refusal(), HasSubstr("damaged, or no manifest of a bundle"));
}

TEST_F(BundleTest, FolderWithoutAManifestIsNoBundle) {
  std::filesystem::remove(folder_ / "manifest.json");
  EXPECT_THAT(refusal(), HasSubstr("no bundle here"));
}

}  // namespace
}  // namespace mtmi::bundle
