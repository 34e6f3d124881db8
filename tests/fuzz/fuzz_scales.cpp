// Any bytes as a table of scales or a calibration cache: they are refused with a sentence, or read;
// and a table that is read is written as a text that reads to the same.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "one_sentence.h"

#include "mtmi/core/assert.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/quant/calibration_cache.h"
#include "mtmi/quant/scale_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mtmi::set_memory_limit(std::size_t{1} << 26);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  mtmi::fuzz::expect_one_sentence([text] {
    if (mtmi::quant::is_calibration_cache(text)) {
      MTMI_ASSERT(!mtmi::quant::parse_calibration_cache(text).scales.empty());
      return;
    }
    const mtmi::quant::ScaleTable table = mtmi::quant::parse_scales_json(text);
    mtmi::fuzz::expect_no_refusal([&table] {
      MTMI_ASSERT(mtmi::quant::parse_scales_json(mtmi::quant::to_json(table)) == table);
    });
  });
  return 0;
}
