// A small network of two tasks and scenes to measure it on, for tests of eval.
#pragma once

#include <filesystem>

#include "mtmi/core/temporary_folder.h"
#include "mtmi/device/registry.h"
#include "mtmi/eval/evaluation.h"
#include "mtmi/eval/network.h"

namespace mtmi::eval {

/// All devices of this build.
[[nodiscard]] const Registry& registry_for_tests();

/// Four scenes of 32x64 and an encoder of one feature with two heads, whose image input is dynamic.
/// What the heads say is a function of the picture, not sense.
class SmallNetwork {
 public:
  SmallNetwork();

  [[nodiscard]] std::filesystem::path model() const { return folder_ / "net.onnx"; }

  [[nodiscard]] std::filesystem::path scenes() const { return folder_ / "scenes"; }

  [[nodiscard]] std::filesystem::path images() const { return scenes() / "images"; }

  [[nodiscard]] std::filesystem::path folder() const { return folder_.path(); }

  /// model() for the size of the scenes.
  [[nodiscard]] Network load() const;

  /// The first `count` scenes with their features.
  [[nodiscard]] std::vector<PreparedScene> prepare(const Network& network, std::size_t count) const;

 private:
  TemporaryFolder folder_;
};

}  // namespace mtmi::eval
