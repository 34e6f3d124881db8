#include "mtmi/cli/image_source.h"

#include <utility>

namespace mtmi::cli {
namespace {

constexpr std::size_t kAhead = 3;
// Small sets are decoded once; larger ones again in every round.
constexpr std::size_t kKeepBytes = std::size_t{256} << 20;

}  // namespace

ImageSource::ImageSource(std::vector<std::filesystem::path> files, std::int64_t count)
    : files_(std::move(files)), kept_(files_.size()), decoder_([this, count] { decode(count); }) {}

ImageSource::~ImageSource() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  decoder_.join();
}

void ImageSource::decode(std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    if (!put(try_load(static_cast<std::size_t>(i) % files_.size()))) {
      return;
    }
  }
}

ImageSource::Decoded ImageSource::try_load(std::size_t index) noexcept {
  try {
    return {.image = load(index), .failure = nullptr};
  } catch (...) {
    return {.image = nullptr, .failure = std::current_exception()};
  }
}

ImageSource::ImagePtr ImageSource::load(std::size_t index) {
  if (kept_[index] != nullptr) {
    return kept_[index];
  }
  auto image = std::make_shared<const vision::Image>(vision::read_image(files_[index]));
  if (kept_bytes_ + image->data().size() <= kKeepBytes) {
    kept_bytes_ += image->data().size();
    kept_[index] = image;
  }
  return image;
}

bool ImageSource::put(Decoded decoded) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stop_ || ready_.size() < kAhead; });
  if (stop_) {
    return false;
  }
  ready_.push_back(std::move(decoded));
  lock.unlock();
  changed_.notify_all();
  return true;
}

std::shared_ptr<const vision::Image> ImageSource::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !ready_.empty(); });
  Decoded decoded = std::move(ready_.front());
  ready_.pop_front();
  lock.unlock();
  changed_.notify_all();
  if (decoded.failure != nullptr) {
    std::rethrow_exception(decoded.failure);
  }
  return std::move(decoded.image);
}

}  // namespace mtmi::cli
