// A deployed network: what `mtmi deploy` writes.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mtmi/dtype.h"
#include "mtmi/export.h"
#include "mtmi/shape.h"

namespace mtmi {

/// A tensor that goes in or comes out.
struct TensorInfo {
  std::string name;
  DType dtype = DType::Float32;
  Shape shape;
  float scale = 0.0F;  ///< Int8: real value of one step [1]
};

struct InputInfo {
  TensorInfo tensor;
  bool is_image = false;  ///< takes an image: [1,3,height,width]
};

/// What a head's output means.
enum class Task : std::uint8_t { Raw, Segmentation, Depth };

struct ClassInfo {
  std::string name;
  std::array<std::uint8_t, 3> color{};  ///< red, green, blue
};

/// One result of the network.
struct HeadInfo {
  std::string name;  ///< what Result calls it
  Task task = Task::Raw;
  TensorInfo tensor;
  /// What a tail makes `tensor` from, scores before ArgMax, a sigmoid before metres; nothing where
  /// no tail does.
  std::optional<TensorInfo> before_tail;
  std::vector<ClassInfo> classes;  ///< Segmentation: by class id
  float depth_scale = 1.0F;        ///< Depth: metres = depth_scale * value + depth_offset
  float depth_offset = 0.0F;       ///< [m]
  float depth_cap = 0.0F;          ///< [m]
};

/// A handle on an opened bundle; copies share it. Thread-safe.
class MTMI_API Bundle {
 public:
  /// Checks every file of the bundle against its hash. Throws Error(Io) if there is no bundle in
  /// `folder`, Error(InvalidModel) naming a file that was edited, damaged or removed.
  [[nodiscard]] static Bundle open(const std::filesystem::path& folder);

  /// The network's name.
  [[nodiscard]] const std::string& name() const noexcept;
  [[nodiscard]] const std::vector<InputInfo>& inputs() const noexcept;
  /// In the order of the network's outputs.
  [[nodiscard]] const std::vector<HeadInfo>& heads() const noexcept;
  /// Whether its target wants results before their tails to be written (dump = true).
  [[nodiscard]] bool dumps_before_tails() const noexcept;

 private:
  friend class Pipeline;  // runs what is inside
  struct Impl;

  explicit Bundle(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

  std::shared_ptr<const Impl> impl_;  // shared by the pipelines that run it
};

}  // namespace mtmi
