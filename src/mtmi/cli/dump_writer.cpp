#include "mtmi/cli/dump_writer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "mtmi/core/file.h"
#include "mtmi/core/hash.h"
#include "mtmi/core/npy.h"
#include "mtmi/core/unique_names.h"
#include "mtmi/device/convert.h"

namespace mtmi::cli {
namespace {

/// [1,C,H,W] as [C,H,W]; other shapes as they are.
Shape without_batch(const Shape& shape) {
  std::vector<std::int64_t> extents = shape.extents();
  if (extents.size() > 1 && extents.front() == 1) {
    extents.erase(extents.begin());
  }
  return Shape(std::move(extents));
}

/// Of a head whose card has `classes` classes; it names no more than a label of 8 bits can tell.
bool is_scores(const TensorInfo& tensor, std::size_t classes) {
  const Shape shape = without_batch(tensor.shape);
  return shape.rank() == 3 && classes > 1 &&
         std::min<std::int64_t>(shape[0], vision::kIgnoreLabel) ==
             static_cast<std::int64_t>(classes) &&
         (tensor.dtype == DType::Int8 || is_floating_point(tensor.dtype));
}

bool is_labels(const TensorInfo& tensor) {
  return tensor.shape.rank() >= 2 && !is_floating_point(tensor.dtype);
}

bool is_map(const TensorInfo& tensor) {
  const Shape shape = without_batch(tensor.shape);
  return shape.rank() == 2 || (shape.rank() == 3 && shape[0] == 1);
}

const TensorInfo& dumped_tensor(const HeadInfo& head, bool before_tails) {
  return before_tails && head.before_tail ? *head.before_tail : head.tensor;
}

vision::Palette palette_of(const HeadInfo& head) {
  vision::Palette palette;
  for (const ClassInfo& c : head.classes) {
    palette.push_back(
        {.name = c.name, .color = {.r = c.color[0], .g = c.color[1], .b = c.color[2]}});
  }
  return palette;
}

/// `file_name` is the head's own; a lone segmentation or depth head needs none.
HeadDump describe(const HeadInfo& head,
                  const std::string& file_name,
                  bool before_tails,
                  bool name_is_needed) {
  const TensorInfo& tensor = dumped_tensor(head, before_tails);
  const Shape shape = without_batch(tensor.shape);
  const std::string stem = "_" + file_name;
  HeadDump dump;
  dump.name = head.name;
  dump.task = "raw";
  dump.suffix = stem + ".npy";
  dump.shape = tensor.shape;
  if (before_tails && head.task == Task::Segmentation && is_scores(tensor, head.classes.size())) {
    dump.task = "segmentation";
    dump.suffix = (name_is_needed ? stem : "") + "_seg.bin";
    dump.shape = shape;
    dump.classes = palette_of(head);
  } else if (head.task == Task::Segmentation && is_labels(tensor)) {
    dump.task = "labels";
    dump.classes = palette_of(head);
  } else if (before_tails && head.task == Task::Depth && is_map(tensor)) {
    dump.task = "depth";
    dump.suffix = (name_is_needed ? stem : "") + "_depth.bin";
    dump.shape = Shape{shape[-2], shape[-1]};
    dump.metres_scale = head.depth_scale;
    dump.metres_offset = head.depth_offset;
    dump.cap = head.depth_cap;
  }
  return dump;
}

std::int64_t count_of(const std::vector<HeadInfo>& heads, Task task) {
  return std::count_if(
      heads.begin(), heads.end(), [task](const HeadInfo& head) { return head.task == task; });
}

/// metres = scale * dump + offset, where the card says what the tail makes of the dump in metres.
/// Read off the smallest and the largest value of a frame; false where the tail is no straight
/// line.
bool fit_metres(const HeadInfo& head,
                std::span<const float> before,
                std::span<const float> after,
                HeadDump& dump) {
  const auto [low, high] = std::minmax_element(before.begin(), before.end());
  const auto metres = [&](std::size_t i) {
    return head.depth_scale * after[i] + head.depth_offset;
  };
  const float low_metres = metres(static_cast<std::size_t>(low - before.begin()));
  const float high_metres = metres(static_cast<std::size_t>(high - before.begin()));
  if (!(*high > *low)) {
    return false;
  }
  const float scale = (high_metres - low_metres) / (*high - *low);
  const float offset = low_metres - scale * *low;
  const float tolerance = 1e-3F * std::max(std::abs(high_metres), std::abs(low_metres)) + 1e-6F;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (!(std::abs(scale * before[i] + offset - metres(i)) <= tolerance)) {
      return false;
    }
  }
  dump.metres_scale = scale;
  dump.metres_offset = offset;
  return true;
}

}  // namespace

std::vector<std::int8_t> quantize_scores(const Tensor& scores) {
  if (scores.dtype() == DType::Int8) {
    const auto values = scores.data<std::int8_t>();
    return {values.begin(), values.end()};
  }
  const Tensor real = to_real(scores, 0.0F);
  const auto values = real.data<float>();
  float amax = 0.0F;
  for (const float value : values) {
    amax = std::max(amax, std::abs(value));
  }
  const float inverse = amax > 0.0F ? 127.0F / amax : 0.0F;
  std::vector<std::int8_t> quantized(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    // A score that is no number is the least of all, so that it never wins an ArgMax.
    const float q = std::isnan(values[i]) ? -127.0F : std::nearbyint(values[i] * inverse);
    quantized[i] = static_cast<std::int8_t>(std::clamp(q, -127.0F, 127.0F));
  }
  return quantized;
}

DumpWriter::DumpWriter(const Bundle& bundle, std::filesystem::path folder)
    : folder_(std::move(folder)) {
  create_folder(folder_);
  lock_.emplace(folder_);
  UniqueNames names;
  for (const HeadInfo& head : bundle.heads()) {
    const std::string name = names.take(head.name, "head '" + head.name + "'");
    const bool name_is_needed = count_of(bundle.heads(), head.task) > 1;
    heads_.push_back({.info = head,
                      .dump = describe(head, name, bundle.dumps_before_tails(), name_is_needed),
                      .is_described = false});
  }
}

void DumpWriter::write(const Result& result,
                       const std::string& image,
                       const std::filesystem::path& file) {
  for (HeadWriter& head : heads_) {
    write_head(head, result, image);
  }
  results_.images.push_back(image);
  results_.hashes.insert_or_assign(image, hash_hex(MappedFile(file).bytes()));
}

void DumpWriter::write_head(HeadWriter& head,
                            const Result& result,
                            const std::string& image) const {
  const std::filesystem::path path = folder_ / (image + head.dump.suffix);
  const Tensor* before = result.before_tail(head.info.name);
  const Tensor* tensor = before != nullptr ? before : result.find(head.info.name);
  if (tensor == nullptr) {
    return;
  }
  if (head.dump.task == "segmentation") {
    const std::vector<std::int8_t> scores = quantize_scores(*tensor);
    write_file(path, std::as_bytes(std::span(scores)));
  } else if (head.dump.task == "depth") {
    write_depth(head, result, path);
  } else {
    write_npy(path, *tensor);
  }
}

void DumpWriter::write_depth(HeadWriter& head,
                             const Result& result,
                             const std::filesystem::path& path) {
  const Tensor* before = result.before_tail(head.info.name);
  const Tensor* after = result.find(head.info.name);
  const float scale = before != nullptr ? head.info.before_tail->scale : head.info.tensor.scale;
  const Tensor dump = to_real(before != nullptr ? *before : *after, scale);
  write_file(path, dump.bytes());
  if (before != nullptr && after != nullptr && !head.is_described) {
    const Tensor metres = to_real(*after, head.info.tensor.scale);
    head.is_described = dump.num_elements() == metres.num_elements() &&
                        fit_metres(head.info, dump.data<float>(), metres.data<float>(), head.dump);
  }
}

void DumpWriter::finish() {
  results_.heads.clear();
  for (const HeadWriter& head : heads_) {
    results_.heads.push_back(head.dump);
  }
  write_file(folder_ / "run.json", to_json(results_));
}

std::vector<std::string> dump_names(const std::vector<std::filesystem::path>& files) {
  std::vector<std::string> names;
  UniqueNames unique;
  for (const std::filesystem::path& file : files) {
    names.push_back(unique.take(file.stem().string(), "what " + file.string() + " gives"));
  }
  return names;
}

}  // namespace mtmi::cli
