// A small network and a bundle of it, for tests of deploy.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "mtmi/core/progress.h"
#include "mtmi/core/temporary_folder.h"
#include "mtmi/deploy/deploy.h"

namespace mtmi::deploy {

/// An encoder of two features, labels of five classes, metres out of a sigmoid; images of 32x64.
class SmallDeploy {
 public:
  /// Writes the network and `images` images.
  explicit SmallDeploy(int images = 2);

  /// The heads in INT8 on two simulated DLA cores.
  void use_int8();
  /// The network of the graph in `text` instead.
  void use_network(const char* text) const;

  /// Into `folder`, with everything on the CPU unless options() were changed.
  [[nodiscard]] Deployment run(const ProgressFunction& progress = [](const Progress&) {}) const;

  [[nodiscard]] DeployOptions& options() noexcept { return options_; }

  [[nodiscard]] std::filesystem::path folder() const { return options_.folder; }

  [[nodiscard]] std::filesystem::path inputs() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
  DeployOptions options_;
};

/// The content of every file of the bundle in `folder`, by path; not of its state.
[[nodiscard]] std::map<std::string, std::string> files_of(const std::filesystem::path& folder);

}  // namespace mtmi::deploy
