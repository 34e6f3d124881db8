#include "mtmi/core/file.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mtmi/core/hash.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

[[noreturn]] void throw_io(const std::filesystem::path& path, const char* doing, int error) {
  throw Error(ErrorCode::Io,
              "core::file",
              path.string() + ": cannot " + doing + ": " + std::generic_category().message(error));
}

// Unique within the machine: the process id and a counter.
std::filesystem::path temporary_beside(const std::filesystem::path& path) {
  static std::atomic<unsigned> counter{0};
  return path.parent_path() / ("." + path.filename().string() + "." + std::to_string(getpid()) +
                               "." + std::to_string(counter++) + ".tmp");
}

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) {
  // A pipe without a writer would hold up a blocking open() for ever; it is refused below.
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    throw_io(path, "open", errno);
  }

  struct stat status {};

  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    close(descriptor);
    throw Error(ErrorCode::Io,
                "core::MappedFile",
                path.string() + (S_ISDIR(status.st_mode) ? ": a folder, expected a file"
                                                         : ": not a regular file"));
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) {
    close(descriptor);
    return;
  }
  void* address = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  const int error = errno;
  close(descriptor);
  if (address == MAP_FAILED) {
    throw_io(path, "map", error);
  }
  owner_ = std::shared_ptr<const void>(
      address, [size](const void* mapped) { munmap(const_cast<void*>(mapped), size); });
  bytes_ = {static_cast<const std::byte*>(address), size};
}

AtomicFile::AtomicFile(std::filesystem::path path)
    : path_(std::move(path)), temporary_(temporary_beside(path_)) {
  // rename() would put a file in the place of a device or a pipe.
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::status(path_, ignored);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    throw Error(ErrorCode::Io,
                "core::AtomicFile",
                path_.string() + ": cannot write: it is there and not a regular file");
  }
  if (path_.has_parent_path()) {
    create_folder(path_.parent_path());
  }
  descriptor_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (descriptor_ < 0) {
    throw_io(path_, "create", errno);
  }
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) {
    close(descriptor_);
    unlink(temporary_.c_str());
  }
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      throw_io(path_, "write", errno);
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void AtomicFile::write(std::string_view text) {
  write(std::as_bytes(std::span(text)));
}

void AtomicFile::commit() {
  const int descriptor = std::exchange(descriptor_, -1);
  const bool synced = fsync(descriptor) == 0 || errno == EINVAL;
  const int sync_error = errno;
  const bool closed = close(descriptor) == 0;
  const bool renamed = synced && closed && rename(temporary_.c_str(), path_.c_str()) == 0;
  if (!renamed) {
    const int error = synced ? errno : sync_error;
    unlink(temporary_.c_str());
    throw_io(path_, "write", error);
  }
}

std::optional<std::string> name_of_unfinished(std::string_view file_name) {
  constexpr std::string_view kSuffix = ".tmp";
  constexpr std::string_view kDigits = "0123456789";
  if (!file_name.starts_with('.') || !file_name.ends_with(kSuffix)) {
    return std::nullopt;
  }
  std::string_view name = file_name.substr(1, file_name.size() - 1 - kSuffix.size());
  for (int number = 0; number < 2; ++number) {  // the counter, then the process
    const std::size_t dot = name.find_last_not_of(kDigits);
    if (dot == std::string_view::npos || dot == 0 || name[dot] != '.' || dot + 1 == name.size()) {
      return std::nullopt;
    }
    name = name.substr(0, dot);
  }
  return std::string(name);
}

void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  write_file(path, std::as_bytes(std::span(text)));
}

void create_folder(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error || !std::filesystem::is_directory(path)) {
    throw Error(ErrorCode::Io,
                "core::create_folder",
                path.string() + ": cannot create the folder: " +
                    (error ? error.message() : "a file of that name is in the way"));
  }
}

std::string file_name_of(std::string_view name) {
  std::string safe(name.empty() ? "_" : name);
  for (char& c : safe) {
    const bool keep = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_' || c == '-';
    c = keep ? c : '_';
  }
  if (safe == "." || safe == "..") {
    safe.assign(safe.size(), '_');
  }
  // File systems take 255 bytes; suffixes and temporary names come on top.
  constexpr std::size_t kMaxLength = 128;
  constexpr std::size_t kHashDigits = 12;
  if (safe.size() > kMaxLength) {
    const std::string hash = hash_hex(std::as_bytes(std::span(name)));
    safe = safe.substr(0, kMaxLength - kHashDigits - 1) + "-" + hash.substr(0, kHashDigits);
  }
  return safe;
}

}  // namespace mtmi
