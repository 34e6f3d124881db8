// File names that do not collide.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace mtmi {

/// Hands out file names, each once: what goes into one folder. Two tensors may have names that
/// differ in odd characters only, two images may have one stem.
class UniqueNames {
 public:
  /// file_name_of(name), with "-2", "-3", ... behind it if that was handed out before; says so to
  /// the user as "`what` is written as ...".
  [[nodiscard]] std::string take(std::string_view name, std::string_view what);

 private:
  std::set<std::string> taken_;
};

}  // namespace mtmi
