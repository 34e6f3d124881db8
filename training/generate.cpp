// Scenes for training: rendered on all cores into shards of raw arrays, which the trainer takes and
// deletes.
//
// Each record of a shard is one scene: image u8 [height, width, 3], labels u8 [height, width],
// depth u16 [height, width] (metres x 256, 0 = none), focal length f32 [pixels]; little-endian, no
// padding.
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "mtmi/scenes/scene.h"

namespace {

namespace fs = std::filesystem;

constexpr const char* kUsage =
    "usage: generate FOLDER SEED FIRST_SHARD SHARDS SCENES_PER_SHARD HEIGHT WIDTH THREADS AHEAD\n"
    "  Shard k holds scenes k * SCENES_PER_SHARD and following of the series SEED.\n"
    "  No more than AHEAD shards lie in FOLDER at a time.\n";

struct Job {
  fs::path folder;
  std::uint64_t seed = 0;
  std::uint64_t first_shard = 0;
  std::uint64_t shards = 0;
  std::uint64_t scenes_per_shard = 0;
  mtmi::scenes::SceneSize size;
  int threads = 1;
  std::uint64_t ahead = 0;
};

std::uint64_t number(const char* text) {
  std::uint64_t value = 0;
  const char* end = text + std::strlen(text);
  const auto [stop, error] = std::from_chars(text, end, value);
  if (error != std::errc{} || stop != end) {
    throw std::invalid_argument("not a number: " + std::string(text));
  }
  return value;
}

Job parse(char** arguments) {
  Job job{.folder = arguments[1],
          .seed = number(arguments[2]),
          .first_shard = number(arguments[3]),
          .shards = number(arguments[4]),
          .scenes_per_shard = number(arguments[5]),
          .size = {.height = static_cast<int>(number(arguments[6])),
                   .width = static_cast<int>(number(arguments[7]))},
          .threads = static_cast<int>(number(arguments[8])),
          .ahead = number(arguments[9])};
  const auto fits = [](int side) { return side >= 16 && side <= 8192; };
  if (!fits(job.size.height) || !fits(job.size.width) || job.threads < 1 ||
      job.ahead < static_cast<std::uint64_t>(job.threads)) {
    throw std::invalid_argument("expected sides of 16 to 8192 and AHEAD >= THREADS >= 1");
  }
  return job;
}

template <class T>
void append(std::vector<char>& bytes, const T* values, std::size_t count) {
  const auto* begin = reinterpret_cast<const char*>(values);
  bytes.insert(bytes.end(), begin, begin + count * sizeof(T));
}

void append_scene(std::vector<char>& bytes, const mtmi::scenes::Scene& scene) {
  append(bytes, scene.image.data().data(), scene.image.data().size());
  append(bytes, scene.labels.data().data(), scene.labels.data().size());
  std::vector<std::uint16_t> packed;
  packed.reserve(scene.depth.data().size());
  for (const float metres : scene.depth.data()) {
    const float steps = metres * 256.0F + 0.5F;
    packed.push_back(steps >= 65535.0F ? std::uint16_t{65535} : static_cast<std::uint16_t>(steps));
  }
  append(bytes, packed.data(), packed.size());
  append(bytes, &scene.camera.focal, 1);
}

// The shard appears under its name when it is whole.
void write_shard(const Job& job, std::uint64_t shard) {
  std::vector<char> bytes;
  for (std::uint64_t i = 0; i < job.scenes_per_shard; ++i) {
    append_scene(bytes,
                 mtmi::scenes::render_scene(job.seed, shard * job.scenes_per_shard + i, job.size));
  }
  const fs::path path = job.folder / ("shard-" + std::to_string(shard) + ".bin");
  const fs::path part = path.string() + ".part";
  std::ofstream file(part, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) {
    throw std::runtime_error("cannot write " + part.string());
  }
  fs::rename(part, path);
}

std::uint64_t shards_waiting(const fs::path& folder) {
  std::uint64_t count = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    count += entry.path().extension() == ".bin" ? 1U : 0U;
  }
  return count;
}

// Hands out shards in order, each when there is room for it, so that the next one wanted is always
// in somebody's hands.
class Queue {
 public:
  explicit Queue(const Job& job) : job_(job), next_(job.first_shard) {}

  /// Nothing when there is no more to do. Any thread.
  std::optional<std::uint64_t> take() {
    const std::scoped_lock lock(mutex_);
    while (!stopped_ && shards_waiting(job_.folder) >= job_.ahead) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    if (stopped_ || next_ == job_.first_shard + job_.shards) {
      return std::nullopt;
    }
    return next_++;
  }

  void stop() { stopped_ = true; }

 private:
  const Job& job_;
  std::mutex mutex_;
  std::uint64_t next_;
  std::atomic<bool> stopped_ = false;
};

void run(const Job& job) {
  fs::create_directories(job.folder);
  Queue queue(job);
  std::atomic<bool> failed = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < job.threads; ++i) {
    threads.emplace_back([&] {
      try {
        while (const std::optional<std::uint64_t> shard = queue.take()) {
          write_shard(job, *shard);
        }
      } catch (const std::exception& error) {
        std::fprintf(stderr, "generate: %s\n", error.what());
        failed = true;
        queue.stop();
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  if (failed) {
    throw std::runtime_error("not all shards were written");
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 10) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  try {
    run(parse(argv));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "generate: %s\n", error.what());
    return 1;
  }
}
