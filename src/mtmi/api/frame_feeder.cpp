#include "mtmi/api/frame_feeder.h"

#include <algorithm>
#include <cstring>

#include "mtmi/device/convert.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::InvalidArgument, "api::FrameFeeder", message);
}

vision::SizePolicy policy_of(ImageFit fit) {
  switch (fit) {
    case ImageFit::Stretch:
      return vision::SizePolicy::Stretch;
    case ImageFit::Crop:
      return vision::SizePolicy::Crop;
    case ImageFit::Letterbox:
      return vision::SizePolicy::Letterbox;
    case ImageFit::Refuse:
      break;
  }
  return vision::SizePolicy::Refuse;
}

bool is_image_shape(const Shape& shape) {
  return shape.rank() == 4 && shape[0] == 1 && shape[1] == 3;
}

void check_view(const ImageView& view) {
  const auto row_bytes = static_cast<std::size_t>(std::max(view.width, 0)) * 3;
  if (view.data == nullptr || view.height <= 0 || view.width <= 0 ||
      (view.row_bytes != 0 && view.row_bytes < row_bytes)) {
    refuse("got an image of " + std::to_string(view.height) + "x" + std::to_string(view.width) +
           " with rows of " + std::to_string(view.row_bytes) +
           " bytes, expected pixels and rows of at least 3 bytes for each");
  }
}

}  // namespace

FrameFeeder::FrameFeeder(const Plan& plan,
                         const bundle::ModelCard& card,
                         std::optional<ImageFit> fit) {
  bool has_image = false;
  for (const std::size_t i : frame_inputs(plan)) {
    Input input;
    input.desc = plan.edges[i].desc;
    const auto found = card.inputs.find(input.desc.name);
    // A frame has one image: the first input that can take it does.
    if (!has_image && found != card.inputs.end() && is_image_shape(input.desc.shape)) {
      has_image = true;
      input.takes_image = true;
      input.preprocessing = found->second;
      if (fit) {
        input.preprocessing.size_policy = policy_of(*fit);
      }
      input.fitter.emplace(static_cast<int>(input.desc.shape[2]),
                           static_cast<int>(input.desc.shape[3]),
                           input.preprocessing.size_policy);
    }
    inputs_.push_back(std::move(input));
  }
}

void FrameFeeder::check(const Frame& frame) const {
  std::size_t used = 0;
  for (const Input& input : inputs_) {
    const auto tensor = frame.tensors.find(input.desc.name);
    const bool has_tensor = tensor != frame.tensors.end();
    const bool has_image = input.takes_image && frame.image.has_value();
    if (has_tensor == has_image) {
      refuse("input '" + input.desc.name + "': got " +
             (has_tensor ? "an image and a tensor, expected one of them"
                         : "nothing, expected " + to_string(input.desc.shape)));
    }
    if (has_tensor) {
      ++used;
      const bool fits =
          tensor->second.dtype() == input.desc.dtype || tensor->second.dtype() == DType::Float32;
      if (!fits || tensor->second.shape() != input.desc.shape) {
        refuse("input '" + input.desc.name + "': got " +
               std::string(to_string(tensor->second.dtype())) + to_string(tensor->second.shape()) +
               ", expected " + std::string(to_string(input.desc.dtype)) +
               to_string(input.desc.shape));
      }
    } else {
      check_view(*frame.image);
    }
  }
  if (used != frame.tensors.size()) {
    for (const auto& [name, tensor] : frame.tensors) {
      if (std::none_of(inputs_.begin(), inputs_.end(), [&name = name](const Input& input) {
            return input.desc.name == name;
          })) {
        refuse("the network has no input '" + name + "'");
      }
    }
  }
}

void FrameFeeder::fill(const Frame& frame, std::span<const std::span<std::byte>> inputs) {
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const auto tensor = frame.tensors.find(inputs_[i].desc.name);
    if (tensor != frame.tensors.end()) {
      write_format(tensor->second, inputs_[i].desc, inputs[i]);
    } else {
      fill_image(inputs_[i], *frame.image, inputs[i]);
    }
  }
}

void FrameFeeder::fill_image(Input& input, const ImageView& view, std::span<std::byte> dst) {
  if (image_.height() != view.height || image_.width() != view.width) {
    image_ = vision::Image(view.height, view.width);
  }
  const std::size_t row_bytes = static_cast<std::size_t>(view.width) * 3;
  const std::size_t stride = view.row_bytes == 0 ? row_bytes : view.row_bytes;
  for (int y = 0; y < view.height; ++y) {
    std::memcpy(image_.row(y).data(), view.data + static_cast<std::size_t>(y) * stride, row_bytes);
  }
  const vision::Image& fitted = input.fitter->fit(image_);
  if (input.desc.dtype == DType::Float32 && input.desc.layout == Layout::Linear) {
    const auto count = static_cast<std::size_t>(input.desc.shape.num_elements());
    vision::preprocess(fitted, input.preprocessing, {reinterpret_cast<float*>(dst.data()), count});
    return;
  }
  Tensor planes(DType::Float32, input.desc.shape);
  vision::preprocess(fitted, input.preprocessing, planes.data<float>());
  write_format(planes, input.desc, dst);
}

}  // namespace mtmi
