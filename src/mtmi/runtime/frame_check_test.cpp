#include "mtmi/runtime/frame_check.h"

#include <gtest/gtest.h>

#include "mtmi/device/host_buffer.h"
#include "mtmi/runtime/pipeline_rig_for_tests.h"

namespace mtmi::runtime {
namespace {

class FrameCheck : public testing::Test {
 protected:
  FrameCheck() : plan_(DelayRig::two_heads().plan()) {
    for (const Edge& edge : plan_.edges) {
      slot_.buffers.push_back(std::make_unique<HostBuffer>(size_bytes_of(edge.desc) + kStampBytes));
    }
    result_.stages.resize(plan_.stages.size());
    for (std::size_t i = 0; i < plan_.stages.size(); ++i) {
      const auto start = static_cast<std::int64_t>(100 + 10 * i);
      result_.stages[i] = {.ran = true, .timing = {.start_ns = start, .end_ns = start + 10}};
    }
  }

  Plan plan_;
  FrameSlot slot_;
  FrameResult result_;
};

TEST_F(FrameCheck, SeesWhatIsWrittenIntoASlotWithoutAFrame) {
  poison(slot_);
  EXPECT_EQ(find_intrusion(plan_, slot_), std::nullopt);
  slot_.buffers[1]->host_data()[17] = std::byte{0};
  EXPECT_EQ(find_intrusion(plan_, slot_),
            "'encoder' was written at byte 17 while its slot held no frame");
}

TEST_F(FrameCheck, SeesAnOverrunAndAnotherFramesStamp) {
  slot_.ticket = 5;
  stamp(plan_, slot_);
  EXPECT_EQ(find_lost_stamp(plan_, slot_), std::nullopt);
  slot_.buffers[2]->host_data()[size_bytes_of(plan_.edges[2].desc)] = std::byte{9};
  EXPECT_EQ(find_lost_stamp(plan_, slot_),
            "the buffer of 'seg' was written behind its end, or by another frame");
  stamp(plan_, slot_);
  slot_.ticket = 6;
  EXPECT_NE(find_lost_stamp(plan_, slot_), std::nullopt);
}

TEST_F(FrameCheck, SeesTheOriginsRace) {
  EXPECT_EQ(find_overlap(plan_, result_, 100), std::nullopt);
  EXPECT_EQ(find_overlap(plan_, result_, 101),
            "stage 'encoder' began before the readers of the last frame in its slot had ended");
}

TEST_F(FrameCheck, SeesAReaderThatDidNotWait) {
  result_.stages[3].timing.start_ns = 110;
  EXPECT_EQ(find_overlap(plan_, result_, 0), "stage 'seg_tail' began before 'seg' was made");
}

}  // namespace
}  // namespace mtmi::runtime
