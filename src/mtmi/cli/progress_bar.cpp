#include "mtmi/cli/progress_bar.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

#include <unistd.h>

namespace mtmi::cli {
namespace {

constexpr int kBarWidth = 30;
constexpr std::int64_t kRedrawMs = 100;

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

ProgressBar::ProgressBar(std::string what, std::int64_t total, const CommonOptions& common)
    : what_(std::move(what)),
      total_(std::max<std::int64_t>(total, 1)),
      visible_(!common.quiet && !common.json && isatty(STDERR_FILENO) != 0) {}

ProgressBar::~ProgressBar() {
  clear();
}

void ProgressBar::update(std::int64_t done) {
  if (!visible_ || now_ms() - last_drawn_ms_ < kRedrawMs) {
    return;
  }
  last_drawn_ms_ = now_ms();
  draw(done);
}

void ProgressBar::draw(std::int64_t done) {
  const auto filled = static_cast<int>(std::min(done, total_) * kBarWidth / total_);
  const std::string bar = std::string(static_cast<std::size_t>(filled), '#') +
                          std::string(static_cast<std::size_t>(kBarWidth - filled), '.');
  std::fprintf(stderr,
               "\r%s [%s] %lld/%lld",
               what_.c_str(),
               bar.c_str(),
               static_cast<long long>(done),
               static_cast<long long>(total_));
}

void ProgressBar::clear() const {
  if (visible_) {
    std::fputs("\r\033[K", stderr);
  }
}

}  // namespace mtmi::cli
