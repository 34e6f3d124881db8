// A user's program: built against an installed mtmi, with nothing of its source tree.
#include <cstdio>
#include <exception>

#include "mtmi/error.h"
#include "mtmi/tensor.h"
#include "mtmi/version.h"

int main() {
  try {
    std::printf("mtmi %s\n", mtmi::version());
    const auto tensor = mtmi::Tensor::from<float>(mtmi::Shape{2, 2}, {1, 2, 3, 4});
    std::printf("%s %s\n", to_string(tensor.shape()).c_str(), to_string(tensor.dtype()).data());
    const mtmi::Shape impossible{-1};
  } catch (const mtmi::Error& error) {  // thrown inside libmtmi.so, caught outside
    std::printf("%s: %s\n", to_string(error.code()), error.what());
    return error.code() == mtmi::ErrorCode::InvalidArgument ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "unexpected: %s\n", error.what());
  }
  return 1;
}
