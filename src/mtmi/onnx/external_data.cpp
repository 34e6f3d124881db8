#include "mtmi/onnx/external_data.h"

#include <system_error>

#include "mtmi/error.h"

namespace mtmi::onnx {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& location, const std::string& reason) {
  throw Error(ErrorCode::InvalidModel,
              "onnx::ExternalFiles",
              "external data '" + location + "': " + reason);
}

/// The path of `location` below `folder`, once every part of it was looked at.
fs::path resolve(const fs::path& folder, const std::string& location) {
  const fs::path relative(location);
  if (relative.empty() || location.find('\0') != std::string::npos) {
    refuse(location, "the name is empty or contains a zero byte");
  }
  if (relative.is_absolute()) {
    refuse(location, "got an absolute path, expected one inside the model's folder");
  }
  fs::path path = folder;
  for (const fs::path& part : relative) {
    if (part == "..") {
      refuse(location, "got a path with '..', expected one inside the model's folder");
    }
    path /= part;
    std::error_code error;
    const fs::file_status status = fs::symlink_status(path, error);
    if (fs::is_symlink(status)) {
      refuse(location, "'" + part.string() + "' is a symbolic link, expected a file or folder");
    }
    if (!fs::exists(status)) {
      throw Error(ErrorCode::Io,
                  "onnx::ExternalFiles",
                  "external data '" + location + "': there is no such file in the model's folder");
    }
  }
  if (!fs::is_regular_file(path)) {
    refuse(location, "not a regular file");
  }
  return path;
}

}  // namespace

const MappedFile& ExternalFiles::open(const std::string& location) {
  const auto it = files_.find(location);
  if (it != files_.end()) {
    return it->second;
  }
  if (!folder_) {
    refuse(location, "the model was read from memory, so it has no folder with such files");
  }
  return files_.emplace(location, MappedFile(resolve(*folder_, location))).first->second;
}

ExternalFiles::View ExternalFiles::view(const std::string& location,
                                        std::uint64_t offset,
                                        std::optional<std::uint64_t> length) {
  const MappedFile& file = open(location);
  const std::uint64_t size = file.bytes().size();
  if (offset > size || length.value_or(0) > size - offset) {
    refuse(location,
           "got offset " + std::to_string(offset) + " and length " +
               std::to_string(length.value_or(0)) + ", but the file has " + std::to_string(size) +
               " bytes");
  }
  return {.bytes = file.bytes().subspan(offset, length.value_or(size - offset)),
          .owner = file.owner()};
}

std::vector<std::string> ExternalFiles::locations() const {
  std::vector<std::string> locations;
  for (const auto& [location, file] : files_) {
    locations.push_back(location);
  }
  return locations;
}

}  // namespace mtmi::onnx
