#include "mtmi/backends/common_int8/random_network_for_tests.h"

#include <cstdint>
#include <vector>

#include <fmt/core.h>

namespace mtmi::int8 {
namespace {

/// A value of a network under construction: one image.
struct Made {
  std::string name;
  std::int64_t c = 1;
  std::int64_t h = 1;
  std::int64_t w = 1;
};

/// Seven layers, each of what was made before.
class NetworkWriter {
 public:
  explicit NetworkWriter(GraphWriter& writer) : w_(writer) {
    const Made x{.name = "x", .c = w_.any({3, 16, 32}), .h = 4, .w = 6};
    w_.input("x", {1, x.c, x.h, x.w});
    w_.scale("x", 0.5);
    made_.push_back(x);
  }

  std::string write() {
    for (int i = 0; i < 7; ++i) {
      add_layer();
    }
    return "%" + made_.back().name;
  }

 private:
  const Made& any() {
    return made_[static_cast<std::size_t>(w_.from(0, static_cast<std::int64_t>(made_.size()) - 1))];
  }

  void add_layer() {
    const Made src = any();
    switch (w_.from(0, 6)) {
      case 0:
      case 1:
        return add_convolution(src);
      case 2:
        return emit({"", src.c, src.h, src.w}, "Sigmoid(%" + src.name + ")", 1.0 / 127.0);
      case 3:
        return add_pooling(src);
      case 4:
        return add_resize(src);
      case 5:
        return add_joint(src, "Add", src.c, "");
      default:
        return add_joint(src, "Concat", src.c, " {axis = 1}");
    }
  }

  void emit(Made made, const std::string& expression, double scale) {
    made.name = fmt::format("v{}", made_.size());
    w_.statement("%" + made.name + " = " + expression);
    w_.scale(made.name, scale);
    made_.push_back(made);
  }

  void add_convolution(const Made& src) {
    const std::string weights = fmt::format("w{}", made_.size());
    const std::int64_t oc = w_.any({5, 16, 32, 33});
    w_.weights(weights, {oc, src.c, 3, 3}, src.c * 9);
    const std::string convolution =
        fmt::format("Conv(%{}, %{}) {{pads = [1, 1, 1, 1]}}", src.name, weights);
    if (w_.coin()) {
      emit({"", oc, src.h, src.w}, convolution, 64.0);
      return;
    }
    const std::string inner = fmt::format("a{}", made_.size());
    w_.statement("%" + inner + " = " + convolution);
    w_.scale(inner, 8.0);
    emit({"", oc, src.h, src.w}, "Relu(%" + inner + ")", 64.0);
  }

  void add_pooling(const Made& src) {
    const std::string op = w_.coin() ? "MaxPool" : "AveragePool";
    emit({"", src.c, src.h, src.w},
         op + "(%" + src.name + ") {kernel_shape = [3, 3], pads = [1, 1, 1, 1]}",
         1.0);
  }

  void add_resize(const Made& src) {
    if (src.h > 16) {
      return add_pooling(src);
    }
    const std::string scales = fmt::format("s{}", made_.size());
    w_.statement("const %" + scales + ": f32[4] = [1, 1, 2, 2]");
    emit({"", src.c, 2 * src.h, 2 * src.w},
         fmt::format("Resize(%{}, _, %{}) {{mode = \"linear\"}}", src.name, scales),
         1.0);
  }

  /// Of `src` and the last value of the same shape, or itself.
  void add_joint(const Made& src, const std::string& op, std::int64_t c, const std::string& end) {
    Made other = src;
    for (const Made& made : made_) {
      if (made.h == src.h && (op == "Concat" || made.c == src.c)) {
        other = made;
      }
    }
    emit({"", op == "Concat" ? c + other.c : c, src.h, src.w},
         fmt::format("{}(%{}, %{}){}", op, src.name, other.name, end),
         2.0);
  }

  GraphWriter& w_;
  std::vector<Made> made_;
};

}  // namespace

std::string write_network(GraphWriter& writer) {
  return NetworkWriter(writer).write();
}

}  // namespace mtmi::int8
