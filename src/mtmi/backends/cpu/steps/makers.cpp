#include "mtmi/backends/cpu/steps/makers.h"

#include <array>

namespace mtmi::cpu {

std::span<const StepMaker> step_makers() {
  static constexpr std::array kMakers{
      StepMaker{"cpu.Activation", make_activation_step},
      StepMaker{"cpu.ArgMax", make_arg_max_step},
      StepMaker{"cpu.Attention", make_attention_step},
      StepMaker{"cpu.Binary", make_binary_step},
      StepMaker{"cpu.Concat", make_concat_step},
      StepMaker{"cpu.Conv", make_conv_step},
      StepMaker{"cpu.Copy", make_copy_step},
      StepMaker{"cpu.Depthwise", make_depthwise_step},
      StepMaker{"cpu.LayerNorm", make_layer_norm_step},
      StepMaker{"cpu.Linear", make_linear_step},
      StepMaker{"cpu.MatMul", make_matmul_step},
      StepMaker{"cpu.Pack", make_pack_step},
      StepMaker{"cpu.Unpack", make_unpack_step},
      StepMaker{"cpu.Pool", make_pool_step},
      StepMaker{"cpu.Resize", make_resize_step},
      StepMaker{"cpu.ResizeLabels", make_resize_labels_step},
      StepMaker{"cpu.TapConv", make_tap_conv_step},
      StepMaker{"cpu.Softmax", make_softmax_step},
      StepMaker{"Transpose", make_transpose_step},
      StepMaker{"cpu.Winograd", make_winograd_step},
  };
  return kMakers;
}

}  // namespace mtmi::cpu
