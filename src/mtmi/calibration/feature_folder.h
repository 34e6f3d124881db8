// Features of images as files: DIR/FEATURE/IMAGE.npy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "mtmi/core/tensor_map.h"
#include "mtmi/core/unique_names.h"
#include "mtmi/device/layout.h"

namespace mtmi::calibration {

/// Writes the features of one image after the other. Names become file names by UniqueNames; what
/// was written for an image stays where the work ends early.
class FeatureWriter {
 public:
  /// Of the tensors `features`. Throws Error(Io).
  FeatureWriter(std::filesystem::path folder, const std::vector<std::string>& features);

  /// Writes the features of `image`, a path of which the name without suffix counts. Returns that
  /// name as it was written. Throws Error(Io). Pre: every feature is in `tensors`.
  std::string write(const std::filesystem::path& image, const TensorMap& tensors);

 private:
  std::filesystem::path folder_;
  std::map<std::string, std::string> feature_folders_;
  UniqueNames images_;
};

/// The tensors for the inputs of one network. A file may hold several images: a multiple of the
/// input's first extent, along that axis. Reads a file when its turn comes. Thread-compatible.
class FeatureFolder {
 public:
  /// Looks at the headers of all files. Throws Error(InvalidArgument) naming the folder or file
  /// that is missing, or that has another type or shape than its input; Error(InvalidModel) for
  /// damaged files; Error(Io).
  FeatureFolder(std::filesystem::path folder, std::span<const TensorDesc> inputs);

  /// Images, in the order of their names.
  [[nodiscard]] std::size_t size() const noexcept { return images_.size(); }

  /// "a", or "a[3]" where the file a.npy holds several.
  [[nodiscard]] std::string name(std::size_t i) const;

  /// The tensors of image `i` by the names of the inputs. Throws as read_npy().
  [[nodiscard]] const TensorMap& load(std::size_t i);

 private:
  struct Image {
    std::string stem;
    std::int64_t index = 0;  ///< in the file
    std::int64_t count = 0;  ///< that the file holds
  };

  [[nodiscard]] std::filesystem::path file(const TensorDesc& input, const std::string& stem) const;
  [[nodiscard]] std::int64_t count_in(const TensorDesc& input, const std::string& stem) const;

  std::filesystem::path folder_;
  std::vector<TensorDesc> inputs_;
  std::vector<Image> images_;
  TensorMap loaded_;  // of image loaded_index_
  std::size_t loaded_index_ = SIZE_MAX;
};

}  // namespace mtmi::calibration
