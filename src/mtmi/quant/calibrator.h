// Runs a network over images and counts what its tensors hold.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/quant/observations.h"
#include "mtmi/tensor.h"

namespace mtmi::quant {

/// Is handed the tensors of one image, of any type of floating point. Only the elements count, not
/// their order; they need not live longer than the call.
using TensorObserver = std::function<void(std::string_view name, const Tensor& tensor)>;

/// Images with a network that can be run on them, one at a time. What runs is the caller's: a
/// backend, the interpreter, a stand-in in tests.
class CalibrationImages {
 public:
  CalibrationImages() = default;
  CalibrationImages(const CalibrationImages&) = delete;
  CalibrationImages& operator=(const CalibrationImages&) = delete;
  virtual ~CalibrationImages() = default;

  [[nodiscard]] virtual std::size_t size() const = 0;
  /// How a message calls image `i`: its file.
  [[nodiscard]] virtual std::string name(std::size_t i) const = 0;
  /// A digest of the contents of image `i`: equal ones give equal tensors. Throws Error.
  [[nodiscard]] virtual std::string digest(std::size_t i) = 0;
  /// Runs the network on image `i` and hands every tensor over, each once, from this thread.
  /// Throws Error.
  virtual void run(std::size_t i, const TensorObserver& observe) = 0;
};

struct CalibratorOptions {
  /// Where what was counted is kept until it is complete; empty: nowhere.
  std::filesystem::path state_file;
  std::chrono::milliseconds save_every{5000};
  bool save_at_end = false;  ///< also when all is counted: what follows takes long, too
  /// Called behind every image with the number of finished ones.
  std::function<void(std::size_t done)> progress;
};

/// The histograms of `tensors` over all of `images`.
///
/// Images are run one after the other and forgotten: memory does not grow with their number, and as
/// all counts are integers, neither order nor threads change a bit. Where options.state_file holds
/// the observations of some of these images in the same `context`, they are not run again; where it
/// holds others, or is damaged, that is said and the work starts anew. It is written, whole or not
/// at all, while the work goes on and when it is interrupted (Ctrl-C, or images.run() throws
/// Error(Interrupted)), also in the middle of an image, and removed by remove_state().
///
/// Throws Error(InvalidModel) naming image and tensor where a value is not finite, or where a
/// tensor was not handed over; Error(Interrupted); Error(Io); what images.run() throws, naming the
/// image.
[[nodiscard]] Observations observe_images(CalibrationImages& images,
                                          const std::vector<std::string>& tensors,
                                          const std::string& context,
                                          const CalibratorOptions& options);

/// Removes the state file, if there is one, when what was made of it is safe. Never throws.
void remove_state(const std::filesystem::path& state_file) noexcept;

}  // namespace mtmi::quant
