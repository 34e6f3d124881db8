// int8.Concat and int8.Move.
#include <cstring>

#include "mtmi/backends/common_int8/steps/makers.h"
#include "mtmi/backends/common_int8/steps/node_reader.h"

namespace mtmi::int8 {
namespace {

constexpr std::int64_t kElementsPerPiece = 1 << 17;

class ConcatStep final : public host::Step {
 public:
  ConcatStep(const Graph& graph, NodeId id, const Int8Kernels& with) : copy_(with.copy) {
    const NodeReader node(graph, id);
    dst_ = node.map(node.output());
    element_ = static_cast<std::int64_t>(size_of(dst_.dtype));
    const auto channels = node.attributes().get_ints("channels");
    node.require(channels.size() == node.node().inputs.size(), "its channels differ in number");
    for (std::size_t i = 0; i < channels.size(); ++i) {
      const NodeReader::Map map = node.map(node.input(i));
      node.require(map.dtype == dst_.dtype && map.n == dst_.n && map.h == dst_.h &&
                       map.w == dst_.w && channels[i] >= 1 && channels[i] <= map.pixel,
                   "an input is of another shape");
      parts_.push_back({.map = map, .channels = channels[i], .first = total_});
      total_ += channels[i];
      node.require(total_ <= dst_.pixel, "its inputs have too many channels");
    }
  }

  void run(const host::Frame& frame) const override {
    const std::int64_t pixels = dst_.n * dst_.pixels();
    const Pieces pieces = host::cut(pixels, dst_.pixel, kElementsPerPiece, kLeastPieces);
    frame.parallel(pieces.number(), [&](std::int64_t task, std::byte* /*scratch*/) {
      const std::int64_t begin = pieces.begin(task);
      const std::int64_t count = pieces.end(task) - begin;
      for (const Part& part : parts_) {
        copy(frame, part.map, part.first, part.channels, begin, count);
      }
      clear_padding(frame, begin, count);
    });
  }

 private:
  struct Part {
    NodeReader::Map map;
    std::int64_t channels = 0;
    std::int64_t first = 0;  ///< channel of the result
  };

  void copy(const host::Frame& frame,
            const NodeReader::Map& src,
            std::int64_t first,
            std::int64_t channels,
            std::int64_t begin,
            std::int64_t count) const {
    const auto* const from = frame.data<const std::int8_t>(src.id) + begin * src.pixel * element_;
    auto* const to = frame.data<std::int8_t>(dst_.id) + (begin * dst_.pixel + first) * element_;
    copy_({.src = from,
           .src_pixel = src.pixel * element_,
           .dst = to,
           .dst_pixel = dst_.pixel * element_,
           .pixels = count,
           .channels = channels * element_});
  }

  void clear_padding(const host::Frame& frame, std::int64_t begin, std::int64_t count) const {
    if (total_ == dst_.pixel) {
      return;
    }
    for (std::int64_t pixel = begin; pixel < begin + count; ++pixel) {
      std::memset(frame.bytes(dst_.id) + (pixel * dst_.pixel + total_) * element_,
                  0,
                  static_cast<std::size_t>((dst_.pixel - total_) * element_));
    }
  }

  kernels::int8::CopyFn copy_;
  NodeReader::Map dst_;
  std::int64_t element_ = 1;  ///< [bytes]
  std::int64_t total_ = 0;
  std::vector<Part> parts_;
};

class MoveStep final : public host::Step {
 public:
  MoveStep(const Graph& graph, NodeId id, const Int8Kernels& with) : copy_(with.copy) {
    const NodeReader node(graph, id);
    src_ = node.int8_map(node.input(0));
    dst_ = node.int8_map(node.output());
    from_ = node.map_shape("from");
    to_ = node.map_shape("shape");
    node.require(node.shape(src_.id) == from_.int8_map() && node.shape(dst_.id) == to_.int8_map(),
                 "a map is of another shape");
    start_ = node.attributes().get_int("start", -1);
    strides_ = node.attributes().get_ints("strides");
    node.require(strides_.size() == 4, "an attribute has not four entries");
    check_range(node);
    find_window();
  }

  void run(const host::Frame& frame) const override {
    const Pieces pieces =
        host::cut(to_.n * to_.h, to_.w * dst_.pixel, kElementsPerPiece, kLeastPieces);
    frame.parallel(pieces.number(), [&](std::int64_t task, std::byte* /*scratch*/) {
      for (std::int64_t row = pieces.begin(task); row < pieces.end(task); ++row) {
        if (is_window_) {
          copy_row(frame, row);
        } else {
          gather_row(frame, row);
        }
      }
    });
  }

 private:
  /// Every element that is read exists.
  void check_range(const NodeReader& node) const {
    const std::array<std::int64_t, 4> extents{to_.n, to_.c, to_.h, to_.w};
    std::int64_t last = start_;
    node.require(start_ >= 0, "it starts outside");
    for (std::size_t i = 0; i < 4; ++i) {
      constexpr std::int64_t kMost = std::int64_t{1} << 40;
      node.require(strides_[i] >= 0 && strides_[i] < kMost && extents[i] < kMost,
                   "a stride is impossible");
      node.require(extents[i] == 1 || strides_[i] <= from_.num_elements(), "it reads outside");
      last += strides_[i] * (extents[i] - 1);
      node.require(last < from_.num_elements(), "it reads outside");
    }
  }

  /// A box of the source: whole runs of channels, which a copy moves.
  void find_window() {
    const std::int64_t plane = from_.h * from_.w;
    const std::vector<std::int64_t> own{from_.c * plane, plane, from_.w, 1};
    first_channel_ = start_ % own[0] / plane;
    first_row_ = start_ % plane / from_.w;
    first_column_ = start_ % from_.w;
    is_window_ = strides_ == own && start_ < own[0] && first_channel_ + to_.c <= from_.c &&
                 first_row_ + to_.h <= from_.h && first_column_ + to_.w <= from_.w &&
                 to_.n == from_.n;
  }

  void copy_row(const host::Frame& frame, std::int64_t row) const {
    const std::int64_t image = row / to_.h;
    const std::int64_t pixel =
        (image * from_.h + first_row_ + row % to_.h) * from_.w + first_column_;
    std::int8_t* const dst = frame.data<std::int8_t>(dst_.id) + row * to_.w * dst_.pixel;
    copy_({.src = frame.data<const std::int8_t>(src_.id) + pixel * src_.pixel + first_channel_,
           .src_pixel = src_.pixel,
           .dst = dst,
           .dst_pixel = dst_.pixel,
           .pixels = to_.w,
           .channels = to_.c});
    for (std::int64_t x = 0; x < to_.w && to_.c < dst_.pixel; ++x) {
      std::memset(dst + x * dst_.pixel + to_.c, 0, static_cast<std::size_t>(dst_.pixel - to_.c));
    }
  }

  void gather_row(const host::Frame& frame, std::int64_t row) const {
    const std::int8_t* const src = frame.data<const std::int8_t>(src_.id);
    std::int8_t* const dst = frame.data<std::int8_t>(dst_.id) + row * to_.w * dst_.pixel;
    const std::int64_t base = start_ + row / to_.h * strides_[0] + row % to_.h * strides_[2];
    const std::int64_t plane = from_.h * from_.w;
    for (std::int64_t x = 0; x < to_.w; ++x) {
      for (std::int64_t c = 0; c < dst_.pixel; ++c) {
        if (c >= to_.c) {
          dst[x * dst_.pixel + c] = 0;
          continue;
        }
        const std::int64_t at = base + x * strides_[3] + c * strides_[1];
        const std::int64_t pixel = at / (from_.c * plane) * plane + at % plane;
        dst[x * dst_.pixel + c] = src[pixel * src_.pixel + at / plane % from_.c];
      }
    }
  }

  kernels::int8::CopyFn copy_;
  NodeReader::Map src_;
  NodeReader::Map dst_;
  MapShape from_;
  MapShape to_;
  std::int64_t start_ = 0;
  std::vector<std::int64_t> strides_;
  bool is_window_ = false;
  std::int64_t first_channel_ = 0;
  std::int64_t first_row_ = 0;
  std::int64_t first_column_ = 0;
};

}  // namespace

StepPtr make_concat_step(const Graph& graph, NodeId id, const Int8Kernels& with) {
  return std::make_unique<ConcatStep>(graph, id, with);
}

StepPtr make_move_step(const Graph& graph, NodeId id, const Int8Kernels& with) {
  return std::make_unique<MoveStep>(graph, id, with);
}

}  // namespace mtmi::int8
