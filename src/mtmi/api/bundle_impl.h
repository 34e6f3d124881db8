// What an opened bundle holds.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "mtmi/bundle.h"
#include "mtmi/bundle/manifest.h"
#include "mtmi/bundle/model_card.h"
#include "mtmi/plan/target.h"

namespace mtmi {

struct Bundle::Impl {
  std::filesystem::path folder;
  bundle::Manifest manifest;
  bundle::ModelCard card;
  Target target;
  std::vector<InputInfo> inputs;
  std::vector<HeadInfo> heads;
};

}  // namespace mtmi
