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
  try {
    for (std::int64_t i = 0; i < count; ++i) {
      if (!put(load(static_cast<std::size_t>(i) % files_.size()))) {
        return;
      }
    }
  } catch (...) {
    const std::lock_guard lock(mutex_);
    failure_ = std::current_exception();
  }
  changed_.notify_all();
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

bool ImageSource::put(ImagePtr image) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stop_ || ready_.size() < kAhead; });
  if (stop_) {
    return false;
  }
  ready_.push_back(std::move(image));
  lock.unlock();
  changed_.notify_all();
  return true;
}

std::shared_ptr<const vision::Image> ImageSource::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return failure_ != nullptr || !ready_.empty(); });
  if (ready_.empty()) {
    std::rethrow_exception(failure_);
  }
  ImagePtr image = std::move(ready_.front());
  ready_.pop_front();
  lock.unlock();
  changed_.notify_all();
  return image;
}

}  // namespace mtmi::cli
