// Deploys that are killed, in processes of their own. This program starts no thread itself, so that
// it may fork.
#include <csignal>
#include <cstdint>
#include <filesystem>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mtmi/core/random.h"
#include "mtmi/deploy/deploy_for_tests.h"

namespace mtmi::deploy {
namespace {

constexpr int kNever = -1;

/// A counter that a killed process leaves behind.
class SharedCounter {
 public:
  SharedCounter()
      : count_(static_cast<volatile int*>(mmap(
            nullptr, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {}

  SharedCounter(const SharedCounter&) = delete;
  SharedCounter& operator=(const SharedCounter&) = delete;

  ~SharedCounter() { munmap(const_cast<int*>(count_), sizeof(int)); }

  void reset() { *count_ = 0; }

  int next() {
    *count_ = *count_ + 1;
    return *count_;
  }

  [[nodiscard]] int get() const { return *count_; }

 private:
  volatile int* count_;
};

class Interruption : public testing::Test {
 protected:
  /// Deploys in another process, which kills itself at sign of life number `kill_at`. Whether it
  /// came to its end.
  bool deploy_in_child(const SmallDeploy& small, int kill_at) {
    count_.reset();
    const pid_t child = fork();
    if (child == 0) {
      const Deployment deployment = small.run([&](const Progress&) {
        if (count_.next() == kill_at) {
          raise(SIGKILL);
        }
      });
      _exit(deployment.refusals.empty() ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) || WTERMSIG(status) == SIGKILL);
    EXPECT_TRUE(!WIFEXITED(status) || WEXITSTATUS(status) == 0);
    return WIFEXITED(status);
  }

  SharedCounter count_;
};

TEST_F(Interruption, AtTwentyPointsGivesTheBytesOfOneThatWasNotInterrupted) {
  SmallDeploy undisturbed;
  undisturbed.use_int8();
  ASSERT_TRUE(deploy_in_child(undisturbed, kNever));
  const auto expected = files_of(undisturbed.folder());
  const int signs = count_.get();
  ASSERT_GT(signs, 20);
  Random random(6);
  for (int i = 0; i < 20; ++i) {
    const int kill_at = 1 + static_cast<int>(random.below(static_cast<std::uint64_t>(signs)));
    SmallDeploy small;
    small.use_int8();
    EXPECT_FALSE(deploy_in_child(small, kill_at));
    EXPECT_FALSE(std::filesystem::exists(small.folder() / "manifest.json"));
    EXPECT_TRUE(deploy_in_child(small, kNever));
    EXPECT_LT(count_.get(), signs) << "what was done is not done again";
    EXPECT_TRUE(files_of(small.folder()) == expected) << "killed at sign of life " << kill_at;
  }
}

TEST_F(Interruption, AsOftenAsItMayBeItComesToItsEnd) {
  SmallDeploy undisturbed;
  undisturbed.use_int8();
  ASSERT_TRUE(deploy_in_child(undisturbed, kNever));
  SmallDeploy small;
  small.use_int8();
  int starts = 1;
  // Each start makes one more step: a sign when it begins, for its files, and for its record.
  while (!deploy_in_child(small, 8)) {
    ASSERT_LT(++starts, 100);
  }
  EXPECT_GT(starts, 3);
  EXPECT_TRUE(files_of(small.folder()) == files_of(undisturbed.folder()));
}

}  // namespace
}  // namespace mtmi::deploy
