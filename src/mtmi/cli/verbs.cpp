#include "mtmi/cli/verbs.h"

#include <array>

namespace mtmi::cli {
namespace {

constexpr std::array kVerbs{
    Verb{"devices",
         "what this machine has, and what this build leaves out and why",
         "mtmi devices",
         declare_devices},
};

}  // namespace

std::span<const Verb> verbs() {
  return kVerbs;
}

}  // namespace mtmi::cli
