// A simulated DLA: what NVIDIA's public rules accept, computed by public arithmetic.
//
// It is a model built from public arithmetic and rules, not Orin silicon.
#pragma once

#include <memory>

#include "mtmi/device/backend.h"

namespace mtmi {

/// Devices "dla_sim:0" and "dla_sim:1", the cores of one chip. Capabilities are named
/// "CHIP-dla@trtVERSION": "orin-dla@trt8.6.11"; any chip and release that dla::check() knows.
///
/// On a virtual clock nothing sleeps: on model time a run's event says that it took what the model
/// predicts, on real time that it took none. `clock` outlives the backend and its devices.
[[nodiscard]] std::unique_ptr<Backend> make_dla_sim_backend(const Clock& clock = steady_clock());

}  // namespace mtmi
