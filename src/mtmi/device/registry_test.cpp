#include "mtmi/device/registry.h"

#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi {
namespace {

TEST(DeviceName, ParsesBackendAndIndex) {
  EXPECT_EQ(parse_device_name("dla_sim:1"), (DeviceName{"dla_sim", 1}));
  EXPECT_EQ(parse_device_name("cpu"), (DeviceName{"cpu", 0}));
  for (const char* bad : {"", ":1", "cpu:", "cpu:-1", "cpu:1x", "cpu:99999999999"}) {
    EXPECT_THROW(static_cast<void>(parse_device_name(bad)), Error) << bad;
  }
}

TEST(Registry, AbsentBackendSaysWhy) {
  Registry registry;
  registry.add_absent("cuda", "built with MTMI_WITH_CUDA=OFF");
  try {
    static_cast<void>(registry.backend("cuda"));
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(),
                 "no device 'cuda' in this build (built with MTMI_WITH_CUDA=OFF); there are:");
  }
}

TEST(Registry, ANameThatIsLeftOutIsKnownAndOthersAreNot) {
  Registry registry;
  registry.add_absent("cuda", "built with MTMI_WITH_CUDA=OFF");
  EXPECT_NO_THROW(registry.require_known({.backend = "cuda", .index = 3}));
  EXPECT_THROW(registry.require_known({.backend = "cudda", .index = 0}), Error);
}

}  // namespace
}  // namespace mtmi
