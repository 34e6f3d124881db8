#include "mtmi/cli/verbs.h"

#include <array>

namespace mtmi::cli {
namespace {

constexpr std::array kVerbs{
    Verb{"model",
         "write a reference network with seeded random weights",
         "mtmi model --size 512x1024 -o mtmi.onnx",
         declare_model},
    Verb{"inspect",
         "what is in a model, an engine or a bundle",
         "mtmi inspect model.onnx --nodes",
         declare_inspect},
    Verb{"split",
         "cut a network into encoder, heads and tails, and prove them equal to the whole",
         "mtmi split model.onnx -o parts",
         declare_split},
    Verb{"simplify",
         "write an ONNX file in its canonical form, and check that it computes the same",
         "mtmi simplify model.onnx -o simplified.onnx",
         declare_simplify},
    Verb{"features",
         "run the encoder over images and keep what the heads read",
         "mtmi features parts --images scenes/images -o features",
         declare_features},
    Verb{"calibrate",
         "find the INT8 scales of a head, and write them in every format",
         "mtmi calibrate parts/depth.onnx --features features -o depth_int8",
         declare_calibrate},
    Verb{"check",
         "will a device run this network, and why not?",
         "mtmi check parts/seg.onnx --device dla",
         declare_check},
    Verb{"build",
         "compile a part for a device into an engine file",
         "mtmi build parts/encoder.onnx --device cpu --precision f32 -o encoder.engine",
         declare_build},
    Verb{"infer",
         "run one model or engine on given tensors",
         "mtmi infer model.onnx --input input=image.png -o outputs",
         declare_infer},
    Verb{"compare",
         "two models or engines on the same inputs: where do they part?",
         "mtmi compare model.onnx simplified.onnx --layers",
         declare_compare},
    Verb{"bench",
         "latency with its confidence interval",
         "mtmi bench model.onnx --runs 50",
         declare_bench},
    Verb{"deploy",
         "from an ONNX file to a verified bundle in one go",
         "mtmi deploy mtmi.onnx --images scenes/images --target cpu -o bundle",
         declare_deploy},
    Verb{"run",
         "the pipelined application: images in, results out",
         "mtmi run bundle --images scenes/images --loops 24 -o results",
         declare_run},
    Verb{"visualize",
         "pictures of what a run has dumped",
         "mtmi visualize results --images scenes/images -o pictures",
         declare_visualize},
    Verb{"report",
         "one page about a bundle: pipeline, timeline, accuracy, scales, files",
         "mtmi report bundle -o report.html",
         declare_report},
    Verb{"eval",
         "what a network is worth on scenes with their truth, and what INT8 costs it",
         "mtmi eval models/mtmi-b0.onnx --scenes scenes",
         declare_eval},
    Verb{"scenes",
         "draw synthetic driving scenes with exact labels and depth",
         "mtmi scenes -o scenes --count 8 --size 512x1024",
         declare_scenes},
    Verb{"devices",
         "what this machine has, and what this build leaves out and why",
         "mtmi devices",
         declare_devices},
};

}  // namespace

std::span<const Verb> verbs() {
  return kVerbs;
}

}  // namespace mtmi::cli
