// In which form each tensor passes from part to part.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "mtmi/deploy/parts.h"
#include "mtmi/device/backend.h"
#include "mtmi/graph/graph.h"

namespace mtmi::deploy {

/// How one part's inputs and outputs are to be.
struct PartIo {
  std::map<std::string, IoFormat> formats;     ///< by the name that the tensor is handed over under
  std::map<std::string, std::string> renamed;  ///< input: the name that it is handed over under
  std::map<std::string, std::string> copies;   ///< one more output: the value that it is a copy of
};

/// A feature that heads want in more than one form.
struct SharedFeature {
  std::string feature;
  std::vector<std::string> names;  ///< under which the encoder writes it, one per form
  std::vector<IoFormat> formats;   ///< in the same order
  std::vector<std::vector<std::string>> readers;  ///< heads, in the same order
  std::size_t extra_bytes = 0;                    ///< per frame, of all forms but the first
};

/// What it costs that the feature is written more than once, and what one range for all would:
/// where its forms are INT8 of several scales. Empty otherwise.
[[nodiscard]] std::string describe_sharing(const SharedFeature& shared);

struct HandOffs {
  std::vector<PartIo> parts;  ///< in the order of the parts
  std::vector<SharedFeature> written_more_than_once;
  std::size_t bytes = 0;  ///< that the encoder hands to heads per frame
};

/// What an INT8 part reads or gives: INT8 in blocks of 32 channels where the value has a scale,
/// halves in blocks of 16 otherwise (a single channel row by row), as a DLA likes them.
[[nodiscard]] IoFormat quantized_format(const TensorType& type,
                                        const std::string& name,
                                        const std::map<std::string, float>& scales);

/// Producers write what their readers want, so that nothing is converted in between: channels-last
/// between parts on the CPU, as its kernels want it. Where heads want a feature in different forms,
/// the encoder writes it once per form; the first form keeps the feature's name. What is a result
/// of the network as well stays as it is.
/// Features become INT8 by `rounding`.
[[nodiscard]] HandOffs plan_hand_offs(const Outline& outline,
                                      const std::vector<Part>& parts,
                                      Rounding rounding);

}  // namespace mtmi::deploy
