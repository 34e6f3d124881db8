// Images in turn, decoded ahead of their use on a thread of their own.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "mtmi/vision/image.h"

namespace mtmi::cli {

/// Goes through the files again and again. next() is for one thread.
class ImageSource {
 public:
  /// Decodes `count` images in all. Pre: `files` is not empty.
  ImageSource(std::vector<std::filesystem::path> files, std::int64_t count);
  ImageSource(const ImageSource&) = delete;
  ImageSource& operator=(const ImageSource&) = delete;
  ~ImageSource();

  /// The next image; waits until it is decoded. Throws as vision::read_image(), and goes on behind
  /// it with the next call. Pre: called at most `count` times.
  [[nodiscard]] std::shared_ptr<const vision::Image> next();

 private:
  using ImagePtr = std::shared_ptr<const vision::Image>;  // shared with frames under way

  /// An image, or why there is none.
  struct Decoded {
    ImagePtr image;
    std::exception_ptr failure;
  };

  void decode(std::int64_t count);
  [[nodiscard]] Decoded try_load(std::size_t index) noexcept;
  [[nodiscard]] ImagePtr load(std::size_t index);
  bool put(Decoded decoded);

  std::vector<std::filesystem::path> files_;
  std::vector<ImagePtr> kept_;  // the decoder's: by file, nullptr where not kept
  std::size_t kept_bytes_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Decoded> ready_;
  bool stop_ = false;
  std::thread decoder_;  // last: uses all of the above
};

}  // namespace mtmi::cli
