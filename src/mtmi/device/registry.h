// The backends of this build. Filled by explicit calls (backends/register_all.h), never by static
// initialisers.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/device/backend.h"

namespace mtmi {

/// "dla_sim:1" as backend and index; "cpu" is "cpu:0".
struct DeviceName {
  std::string backend;
  int index = 0;
  bool operator==(const DeviceName&) const = default;
};

/// Throws Error(InvalidArgument) for anything but NAME or NAME:NUMBER.
[[nodiscard]] DeviceName parse_device_name(std::string_view text);
[[nodiscard]] std::string to_string(const DeviceName& name);

/// Owns the backends. Fill it before threads start; reading is thread-safe.
class Registry {
 public:
  /// Pre: no backend of that name is there yet.
  void add(std::unique_ptr<Backend> backend);
  /// Remembers a backend that this build leaves out, and why, for `mtmi devices` and for errors.
  void add_absent(std::string name, std::string reason);

  /// Throws Error(Unsupported) naming the backends there are, and why this one is left out.
  [[nodiscard]] const Backend& backend(std::string_view name) const;
  [[nodiscard]] std::vector<const Backend*> backends() const;
  /// For names that a person has typed: throws what backend() throws, unless this build is known to
  /// leave that backend out, and Error(InvalidArgument) for an index that this machine has not, of
  /// a kind of which it has some: for the others one can only compile.
  void require_known(const DeviceName& name) const;

  struct Absent {
    std::string name;
    std::string reason;
  };

  [[nodiscard]] const std::vector<Absent>& absent() const noexcept { return absent_; }

 private:
  std::vector<std::unique_ptr<Backend>> backends_;
  std::vector<Absent> absent_;
};

}  // namespace mtmi
