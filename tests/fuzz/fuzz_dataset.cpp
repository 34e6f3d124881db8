// Any bytes as the camera.json of a data set: it is refused with a sentence, or read.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "one_sentence.h"

#include "mtmi/core/assert.h"
#include "mtmi/core/file.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/core/temporary_folder.h"
#include "mtmi/scenes/dataset.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const mtmi::TemporaryFolder folder;
  mtmi::set_memory_limit(std::size_t{1} << 26);
  mtmi::write_file(folder / "camera.json", {reinterpret_cast<const char*>(data), size});
  mtmi::fuzz::expect_one_sentence([] {
    for (const mtmi::scenes::Sample& sample : mtmi::scenes::read_dataset(folder.path())) {
      MTMI_ASSERT(sample.image.parent_path() == folder / "images");
      MTMI_ASSERT(std::isfinite(sample.camera.focal));
    }
  });
  return 0;
}
