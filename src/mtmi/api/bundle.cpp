#include "mtmi/bundle.h"

#include <cstddef>
#include <utility>
#include <variant>

#include "mtmi/api/bundle_impl.h"
#include "mtmi/api/bundle_plan.h"
#include "mtmi/bundle/target_file.h"
#include "mtmi/core/file.h"

namespace mtmi {
namespace {

TensorInfo info_of(const TensorDesc& desc) {
  return {.name = desc.name, .dtype = desc.dtype, .shape = desc.shape, .scale = desc.scale};
}

/// A graph with the network's inputs and outputs and nothing between them: what a card is about.
Graph outline_of(const Plan& plan) {
  Graph outline;
  for (const std::size_t i : frame_inputs(plan)) {
    const TensorDesc& desc = plan.edges[i].desc;
    outline.add_input(desc.name, {.dtype = desc.dtype, .shape = desc.shape});
  }
  for (const PlanResult& result : plan.results) {
    if (!result.before_tail) {
      const TensorDesc& desc = plan.edges[result.edge].desc;
      // A network may pass an input on as it is.
      const auto input = outline.find_value(desc.name);
      outline.add_output(
          input ? *input
                : outline.add_value(desc.name, {.dtype = desc.dtype, .shape = desc.shape}));
    }
  }
  return outline;
}

void describe(const bundle::HeadTask& task, HeadInfo& head) {
  if (const auto* segmentation = std::get_if<bundle::SegmentationTask>(&task)) {
    head.task = Task::Segmentation;
    for (const vision::LabelClass& label : segmentation->classes) {
      head.classes.push_back(
          {.name = label.name, .color = {label.color.r, label.color.g, label.color.b}});
    }
  } else if (const auto* depth = std::get_if<bundle::DepthTask>(&task)) {
    head.task = Task::Depth;
    head.depth_scale = depth->scale;
    head.depth_offset = depth->offset;
    head.depth_cap = depth->cap;
  }
}

std::vector<HeadInfo> heads_of(const Plan& plan, const bundle::ModelCard& card) {
  std::vector<HeadInfo> heads;
  for (std::size_t i = 0; i < plan.results.size(); ++i) {
    const PlanResult& result = plan.results[i];
    if (result.before_tail) {
      continue;
    }
    HeadInfo head;
    head.name = result.name;
    head.tensor = info_of(plan.edges[result.edge].desc);
    if (const auto before = before_tail_of(plan, i)) {
      head.before_tail = info_of(plan.edges[plan.results[*before].edge].desc);
    }
    if (const auto task = card.outputs.find(head.tensor.name); task != card.outputs.end()) {
      describe(task->second, head);
    }
    heads.push_back(std::move(head));
  }
  return heads;
}

}  // namespace

Bundle Bundle::open(const std::filesystem::path& folder) {
  auto impl = std::make_shared<Impl>();
  impl->folder = folder;
  impl->manifest = bundle::open_bundle(folder);
  const std::filesystem::path target = folder / impl->manifest.target.path;
  impl->target = bundle::parse_target(MappedFile(target).text(), target.string());
  const Plan plan = plan_of(impl->manifest, impl->target);
  const std::filesystem::path card = folder / impl->manifest.card.path;
  impl->card = bundle::parse_card(MappedFile(card).text(), card.string(), outline_of(plan));
  for (const std::size_t i : frame_inputs(plan)) {
    const TensorDesc& desc = plan.edges[i].desc;
    impl->inputs.push_back(
        {.tensor = info_of(desc), .is_image = impl->card.inputs.contains(desc.name)});
  }
  impl->heads = heads_of(plan, impl->card);
  return Bundle(std::move(impl));
}

const std::string& Bundle::name() const noexcept {
  return impl_->manifest.network;
}

const std::vector<InputInfo>& Bundle::inputs() const noexcept {
  return impl_->inputs;
}

const std::vector<HeadInfo>& Bundle::heads() const noexcept {
  return impl_->heads;
}

bool Bundle::dumps_before_tails() const noexcept {
  return impl_->target.dump;
}

}  // namespace mtmi
