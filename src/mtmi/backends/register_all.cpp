#include "mtmi/backends/register_all.h"

#include "mtmi/backends/cpu/cpu_backend.h"
#include "mtmi/backends/dla_sim/dla_sim_backend.h"

namespace mtmi {

void register_all_backends(Registry& registry) {
  registry.add(make_cpu_backend());
  registry.add(make_dla_sim_backend());
  registry.add_absent("cuda", "built with MTMI_WITH_CUDA=OFF");
  registry.add_absent("trt", "built with MTMI_WITH_TENSORRT=OFF");
  registry.add_absent("dla", "built with MTMI_WITH_CUDLA=OFF");
}

}  // namespace mtmi
