// Runs a bundle on ten grey images and prints what comes out.
#include <chrono>
#include <cstdio>
#include <memory>
#include <vector>

#include "mtmi/bundle.h"
#include "mtmi/error.h"
#include "mtmi/pipeline.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: run_bundle BUNDLE\n", stderr);
    return 2;
  }
  try {
    const mtmi::Bundle bundle = mtmi::Bundle::open(argv[1]);
    const mtmi::Shape shape = bundle.inputs().front().tensor.shape;  // [1,3,height,width]
    const int height = static_cast<int>(shape[2]);
    const int width = static_cast<int>(shape[3]);
    const auto pixels = std::make_shared<std::vector<std::uint8_t>>(
        static_cast<std::size_t>(3) * height * width, std::uint8_t{128});

    mtmi::Pipeline pipeline(bundle, {});
    std::vector<mtmi::Ticket> tickets;
    for (std::uint64_t id = 0; id < 10; ++id) {
      mtmi::Frame frame{.id = id};
      frame.image = mtmi::ImageView{
          .data = pixels->data(), .height = height, .width = width, .owner = pixels};
      tickets.push_back(pipeline.submit(std::move(frame)));
    }
    for (const mtmi::Ticket ticket : tickets) {
      const auto result = pipeline.wait(ticket, std::chrono::minutes(1));
      if (!result || result->status() != mtmi::ResultStatus::Done) {
        continue;  // not in time, failed or dropped
      }
      for (const mtmi::HeadInfo& head : bundle.heads()) {
        if (const mtmi::Tensor* tensor = result->find(head.name)) {
          std::printf("frame %llu: %s %s\n",
                      static_cast<unsigned long long>(result->id()),
                      head.name.c_str(),
                      to_string(tensor->shape()).c_str());
        }
      }
    }
  } catch (const mtmi::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
