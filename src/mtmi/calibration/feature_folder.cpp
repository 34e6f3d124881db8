#include "mtmi/calibration/feature_folder.h"

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/core.h>

#include "mtmi/core/file.h"
#include "mtmi/core/npy.h"
#include "mtmi/error.h"

namespace mtmi::calibration {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::InvalidArgument, "calibration::FeatureFolder", message);
}

/// The names of the .npy files in a folder, without suffix.
std::set<std::string> stems_in(const std::filesystem::path& folder, const TensorDesc& input) {
  std::error_code error;
  std::filesystem::directory_iterator it(folder, error);
  if (error) {
    refuse(
        fmt::format("{}: no folder with features for input '{}': expected {}, as `mtmi features` "
                    "writes it",
                    folder.parent_path().string(),
                    input.name,
                    (folder / "IMAGE.npy").string()));
  }
  std::set<std::string> stems;
  for (; it != std::filesystem::directory_iterator(); it.increment(error)) {
    if (it->path().extension() == ".npy") {
      stems.insert(it->path().stem().string());
    }
    if (error) {
      throw Error(ErrorCode::Io,
                  "calibration::FeatureFolder",
                  folder.string() + ": cannot be listed: " + error.message());
    }
  }
  return stems;
}

/// Elements [index, index + 1) of `count` parts of equal size along the first axis.
Tensor part_of(const Tensor& whole, const Shape& shape, std::int64_t index, std::int64_t count) {
  if (count == 1) {
    return whole;
  }
  const std::size_t size = whole.size_bytes() / static_cast<std::size_t>(count);
  Tensor part(whole.dtype(), shape);
  const auto from = whole.bytes().subspan(size * static_cast<std::size_t>(index), size);
  std::copy(from.begin(), from.end(), part.bytes().begin());
  return part;
}

}  // namespace

FeatureWriter::FeatureWriter(std::filesystem::path folder, const std::vector<std::string>& features)
    : folder_(std::move(folder)) {
  UniqueNames names;
  for (const std::string& feature : features) {
    const std::string name = names.take(feature, "feature '" + feature + "'");
    create_folder(folder_ / name);
    feature_folders_.emplace(feature, name);
  }
}

std::string FeatureWriter::write(const std::filesystem::path& image, const TensorMap& tensors) {
  std::string stem = images_.take(image.stem().string(), "image '" + image.string() + "'");
  for (const auto& [feature, name] : feature_folders_) {
    write_npy(folder_ / name / (stem + ".npy"), tensors.find(feature)->second);
  }
  return stem;
}

FeatureFolder::FeatureFolder(std::filesystem::path folder, std::span<const TensorDesc> inputs)
    : folder_(std::move(folder)), inputs_(inputs.begin(), inputs.end()) {
  std::set<std::string> stems;
  for (const TensorDesc& input : inputs_) {
    const auto here = stems_in(folder_ / file_name_of(input.name), input);
    stems.insert(here.begin(), here.end());
  }
  if (stems.empty()) {
    refuse(folder_.string() + ": there is no .npy file in the folders of the features");
  }
  for (const std::string& stem : stems) {
    std::int64_t count = 0;
    for (const TensorDesc& input : inputs_) {
      const std::int64_t here = count_in(input, stem);
      if (count != 0 && here != count) {
        refuse(fmt::format("{}: holds {} images, expected {} as in the file of '{}'",
                           file(input, stem).string(),
                           here,
                           count,
                           inputs_.front().name));
      }
      count = here;
    }
    for (std::int64_t index = 0; index < count; ++index) {
      images_.push_back({.stem = stem, .index = index, .count = count});
    }
  }
}

std::filesystem::path FeatureFolder::file(const TensorDesc& input, const std::string& stem) const {
  return folder_ / file_name_of(input.name) / (stem + ".npy");
}

std::int64_t FeatureFolder::count_in(const TensorDesc& input, const std::string& stem) const {
  const std::filesystem::path path = file(input, stem);
  if (std::error_code error; !std::filesystem::exists(path, error)) {
    refuse(fmt::format("{}: there is no such file, though other features of image '{}' are there",
                       path.string(),
                       stem));
  }
  const NpyInfo info = read_npy_info(path);
  const std::vector<std::int64_t>& got = info.shape.extents();
  const std::vector<std::int64_t>& expected = input.shape.extents();
  const bool same_rest = !got.empty() && got.size() == expected.size() &&
                         std::equal(got.begin() + 1, got.end(), expected.begin() + 1);
  if (info.dtype == input.dtype && info.shape == input.shape) {
    return 1;
  }
  if (info.dtype != input.dtype || !same_rest || got[0] <= 0 || got[0] % expected[0] != 0) {
    refuse(fmt::format("{}: got {}{}, expected {}{} for input '{}'",
                       path.string(),
                       to_string(info.dtype),
                       to_string(info.shape),
                       to_string(input.dtype),
                       to_string(input.shape),
                       input.name));
  }
  return got[0] / expected[0];
}

std::string FeatureFolder::name(std::size_t i) const {
  const Image& image = images_[i];
  return image.count == 1 ? image.stem : fmt::format("{}[{}]", image.stem, image.index);
}

const TensorMap& FeatureFolder::load(std::size_t i) {
  if (i != loaded_index_) {
    const Image& image = images_[i];
    loaded_index_ = SIZE_MAX;
    for (const TensorDesc& input : inputs_) {
      const Tensor whole = map_npy(file(input, image.stem));
      loaded_.insert_or_assign(input.name, part_of(whole, input.shape, image.index, image.count));
    }
    loaded_index_ = i;
  }
  return loaded_;
}

}  // namespace mtmi::calibration
