#include "mtmi/eval/predictions.h"

#include <algorithm>

#include "mtmi/error.h"

namespace mtmi::eval {
namespace {

[[noreturn]] void refuse(const std::string& name,
                         const Tensor& output,
                         const std::string& expected) {
  throw Error(ErrorCode::InvalidModel,
              "eval::predictions",
              "output '" + name + "': got " + std::string(to_string(output.dtype())) +
                  to_string(output.shape()) + ", expected " + expected);
}

/// [1,H,W] or [1,1,H,W].
bool is_map_of(const Shape& shape, int height, int width) {
  return (shape.rank() == 3 || (shape.rank() == 4 && shape[1] == 1)) && shape[0] == 1 &&
         shape[-2] == height && shape[-1] == width;
}

template <class T>
std::uint8_t class_id(T value) {
  // Written so that NaN is no class.
  return value >= T{0} && value < T{255} ? static_cast<std::uint8_t>(value) : std::uint8_t{255};
}

template <class T>
void read_ids(const Tensor& output, vision::Gray8Image& ids) {
  const auto values = output.data<T>();
  std::transform(values.begin(), values.end(), ids.data().begin(), class_id<T>);
}

/// Per pixel the first class with the largest score, as ArgMax has it.
vision::Gray8Image best_classes(std::span<const float> scores, int classes, int height, int width) {
  vision::Gray8Image ids(height, width, 0);
  const std::size_t pixels = ids.data().size();
  std::vector<float> best(scores.begin(), scores.begin() + static_cast<std::ptrdiff_t>(pixels));
  for (int c = 1; c < classes; ++c) {
    const auto plane = scores.subspan(static_cast<std::size_t>(c) * pixels, pixels);
    for (std::size_t i = 0; i < pixels; ++i) {
      if (plane[i] > best[i]) {
        best[i] = plane[i];
        ids.data()[i] = static_cast<std::uint8_t>(c);
      }
    }
  }
  return ids;
}

}  // namespace

vision::Gray8Image predicted_classes(
    const std::string& name, const Tensor& output, int classes, int height, int width) {
  if (output.dtype() == DType::Float32 && classes > 1 &&
      output.shape() == Shape{1, classes, height, width}) {
    return best_classes(output.data<float>(), classes, height, width);
  }
  vision::Gray8Image ids(height, width);
  const bool is_map = is_map_of(output.shape(), height, width);
  if (is_map && output.dtype() == DType::Int64) {
    read_ids<std::int64_t>(output, ids);
  } else if (is_map && output.dtype() == DType::Int32) {
    read_ids<std::int32_t>(output, ids);
  } else if (is_map && output.dtype() == DType::UInt8) {
    read_ids<std::uint8_t>(output, ids);
  } else if (is_map && output.dtype() == DType::Float32) {
    read_ids<float>(output, ids);
  } else {
    refuse(name,
           output,
           "class ids " + to_string(Shape{1, height, width}) + " or scores f32" +
               to_string(Shape{1, classes, height, width}));
  }
  return ids;
}

vision::FloatImage predicted_metres(const std::string& name,
                                    const Tensor& output,
                                    const bundle::DepthTask& task,
                                    float focal,
                                    int height,
                                    int width) {
  if (output.dtype() != DType::Float32 || !is_map_of(output.shape(), height, width)) {
    refuse(name, output, "f32" + to_string(Shape{1, 1, height, width}));
  }
  const float factor = task.canonical_focal ? focal / *task.canonical_focal : 1.0F;
  vision::FloatImage metres(height, width);
  const auto values = output.data<float>();
  std::transform(values.begin(), values.end(), metres.data().begin(), [&](float value) {
    return (task.scale * value + task.offset) * factor;
  });
  return metres;
}

}  // namespace mtmi::eval
