// A user's program: built against an installed mtmi, with nothing of its source tree.
//
// usage: consumer BUNDLE: pushes one frame from memory through a bundle and reads labels and depth.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <vector>

#include "mtmi/bundle.h"
#include "mtmi/devices.h"
#include "mtmi/dlpack.h"
#include "mtmi/error.h"
#include "mtmi/pipeline.h"
#include "mtmi/tensor.h"
#include "mtmi/version.h"

namespace {

/// Whether an error thrown inside libmtmi.so is caught out here as what it is.
bool errors_cross_the_library() {
  try {
    const mtmi::Shape impossible{-1};
  } catch (const mtmi::Error& error) {
    return error.code() == mtmi::ErrorCode::InvalidArgument;
  }
  return false;
}

void run(const char* folder) {
  const mtmi::Bundle bundle = mtmi::Bundle::open(folder);
  mtmi::Pipeline pipeline(bundle, {});
  const mtmi::Shape input = bundle.inputs().at(0).tensor.shape;
  const auto height = static_cast<int>(input[2]);
  const auto width = static_cast<int>(input[3]);
  std::vector<std::uint8_t> pixels(
      static_cast<std::size_t>(height) * static_cast<std::size_t>(width) * 3, 90);

  mtmi::Frame frame;
  frame.image = mtmi::ImageView{.data = pixels.data(), .height = height, .width = width};
  const mtmi::Ticket ticket = pipeline.submit(std::move(frame));
  const std::optional<mtmi::Result> result = pipeline.wait(ticket, std::chrono::minutes(2));
  if (!result) {
    throw mtmi::Error(mtmi::ErrorCode::Timeout, "consumer", "no result within two minutes");
  }
  const auto labels = result->tensor("seg").data<std::int64_t>();
  const auto metres = result->tensor("depth").data<float>();
  std::printf("%s: label %d, %.1f m in the corner\n",
              bundle.name().c_str(),
              static_cast<int>(labels[0]),
              static_cast<double>(metres[0]));

  mtmi::dlpack::ManagedArray* shared = mtmi::dlpack::to_dlpack(result->tensor("depth"));
  shared->deleter(shared);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::printf("mtmi %s on %s\n", mtmi::version(), mtmi::devices().at(0).name.c_str());
    if (argc != 2 || !errors_cross_the_library()) {
      return 1;
    }
    run(argv[1]);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "consumer: %s\n", error.what());
  }
  return 1;
}
