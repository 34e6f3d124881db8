#include "mtmi/zoo/mtmi_b0.h"

#include <array>
#include <string>
#include <vector>

#include "mtmi/error.h"
#include "mtmi/zoo/layers.h"

namespace mtmi::zoo {
namespace {

constexpr float kBlockEpsilon = 1e-6F;
constexpr float kEmbeddingEpsilon = 1e-5F;
constexpr std::int64_t kHeadSize = 32;
constexpr std::int64_t kMlpRatio = 4;
constexpr std::int64_t kBlocksPerStage = 2;
constexpr std::int64_t kSegmentationWidth = 256;
constexpr float kDepthRangeMetres = 80.0F;

/// One stage of MiT-B0.
struct Stage {
  std::int64_t channels;
  std::int64_t reduction;  ///< of keys and values, per axis
  std::int64_t kernel;     ///< of the patch embedding
  std::int64_t stride;
};

constexpr std::array<Stage, 4> kStages{{
    {32, 8, 7, 4},
    {64, 4, 3, 2},
    {160, 2, 3, 2},
    {256, 1, 3, 2},
}};

class Encoder {
 public:
  explicit Encoder(Layers& layers) : layers_(layers) {}

  std::vector<ValueId> build(ValueId image) {
    std::vector<ValueId> features;
    ValueId map = image;
    for (std::size_t i = 0; i < kStages.size(); ++i) {
      map = stage(
          "f" + std::to_string(i + 1), "encoder.stage" + std::to_string(i + 1), map, kStages[i]);
      features.push_back(map);
    }
    return features;
  }

 private:
  /// [1, c, h, w] -> [1, h * w, c]
  ValueId to_tokens(const std::string& name, ValueId map) {
    const Shape s = layers_.shape(map);
    const ValueId flat = layers_.reshape(name + "/flat", map, {s[0], s[1], s[2] * s[3]});
    return layers_.transpose(name + "/tokens", flat, {0, 2, 1});
  }

  /// [1, h * w, c] -> [1, c, h, w]
  ValueId to_map(const std::string& name, ValueId tokens, const Shape& map) {
    const ValueId planes = layers_.transpose(name + "/planes", tokens, {0, 2, 1});
    return layers_.reshape(name, planes, {map[0], layers_.shape(tokens)[2], map[2], map[3]});
  }

  /// [1, n, heads * 32] -> [1, heads, n, 32]
  ValueId to_heads(const std::string& name, ValueId tokens) {
    const Shape s = layers_.shape(tokens);
    const ValueId split =
        layers_.reshape(name + "/split", tokens, {s[0], s[1], s[2] / kHeadSize, kHeadSize});
    return layers_.transpose(name + "/heads", split, {0, 2, 1, 3});
  }

  ValueId attention(const std::string& name, ValueId x, const Shape& map, const Stage& stage) {
    ValueId reduced = x;
    if (stage.reduction > 1) {
      const ValueId conv = layers_.conv(
          name + ".reduce",
          to_map(name + ".map", x, map),
          {.out_channels = stage.channels, .kernel = stage.reduction, .stride = stage.reduction});
      reduced = layers_.layer_norm(
          name + ".reduce_norm", to_tokens(name + ".reduced", conv), kEmbeddingEpsilon);
    }
    const ValueId q = to_heads(name + ".q", layers_.linear(name + ".q", x, stage.channels));
    const ValueId k = to_heads(name + ".k", layers_.linear(name + ".k", reduced, stage.channels));
    const ValueId v = to_heads(name + ".v", layers_.linear(name + ".v", reduced, stage.channels));
    const ValueId mixed =
        layers_.transpose(name + "/joined", layers_.attention(name, q, k, v), {0, 2, 1, 3});
    const ValueId joined =
        layers_.reshape(name + "/tokens", mixed, {1, layers_.shape(x)[1], stage.channels});
    return layers_.linear(name + ".proj", joined, stage.channels);
  }

  ValueId mix_ffn(const std::string& name, ValueId x, const Shape& map, const Stage& stage) {
    const std::int64_t hidden = kMlpRatio * stage.channels;
    const ValueId wide = layers_.linear(name + ".fc1", x, hidden);
    const ValueId mixed = layers_.conv(
        name + ".dwconv",
        to_map(name + ".map", wide, map),
        {.out_channels = hidden, .kernel = 3, .stride = 1, .padding = 1, .groups = hidden});
    const ValueId active =
        layers_.apply("Gelu", name + ".gelu", {to_tokens(name + ".mixed", mixed)});
    return layers_.linear(name + ".fc2", active, stage.channels);
  }

  ValueId stage(const std::string& feature, const std::string& name, ValueId x, const Stage& s) {
    const ValueId embedded = layers_.conv(name + ".embed",
                                          x,
                                          {.out_channels = s.channels,
                                           .kernel = s.kernel,
                                           .stride = s.stride,
                                           .padding = s.kernel / 2});
    const Shape map = layers_.shape(embedded);
    ValueId tokens = layers_.layer_norm(
        name + ".embed_norm", to_tokens(name + ".embed", embedded), kEmbeddingEpsilon);
    for (std::int64_t b = 1; b <= kBlocksPerStage; ++b) {
      const std::string block = name + ".block" + std::to_string(b);
      const ValueId norm1 = layers_.layer_norm(block + ".norm1", tokens, kBlockEpsilon);
      tokens = layers_.apply(
          "Add", block + ".add1", {tokens, attention(block + ".attention", norm1, map, s)});
      const ValueId norm2 = layers_.layer_norm(block + ".norm2", tokens, kBlockEpsilon);
      tokens =
          layers_.apply("Add", block + ".add2", {tokens, mix_ffn(block + ".ffn", norm2, map, s)});
    }
    return to_map(feature, layers_.layer_norm(name + ".norm", tokens, kBlockEpsilon), map);
  }

  Layers& layers_;
};

ValueId conv_bn_relu(Layers& layers,
                     const std::string& name,
                     ValueId x,
                     std::int64_t channels,
                     std::int64_t kernel) {
  const ValueId conv = layers.conv(
      name, x, {.out_channels = channels, .kernel = kernel, .padding = kernel / 2, .bias = false});
  return layers.apply("Relu", name + ".relu", {layers.batch_norm(name + ".bn", conv)});
}

/// The class of every pixel.
ValueId segmentation_head(Layers& layers,
                          const std::vector<ValueId>& features,
                          std::int64_t classes) {
  const std::string name = "seg_head";
  const auto project = [&](std::size_t level) {
    return layers.conv(name + ".project" + std::to_string(level),
                       features[level - 1],
                       {.out_channels = kSegmentationWidth});
  };
  const ValueId up4 =
      layers.upsample(name + ".up4_2", layers.upsample(name + ".up4_1", project(4), 4), 2);
  const ValueId up3 = layers.upsample(name + ".up3", project(3), 4);
  const ValueId up2 = layers.upsample(name + ".up2", project(2), 2);
  const ValueId joined = layers.concat_channels(name + ".concat", {up4, up3, up2, project(1)});
  const ValueId fused = conv_bn_relu(layers, name + ".fuse", joined, kSegmentationWidth, 1);
  const ValueId scores = layers.upsample(
      name + ".scores", layers.conv(name + ".classify", fused, {.out_channels = classes}), 4);
  return layers.apply(
      "ArgMax", "seg", {scores}, {{"axis", std::int64_t{1}}, {"keepdims", std::int64_t{0}}});
}

/// Metres.
ValueId depth_head(Layers& layers, const std::vector<ValueId>& features) {
  const std::string name = "depth_head";
  constexpr std::array<std::int64_t, 3> kWidths{64, 96, 160};
  ValueId x = conv_bn_relu(layers, name + ".lateral4", features[3], 256, 3);
  for (std::size_t level = 3; level >= 1; --level) {
    const std::string step = name + ".level" + std::to_string(level);
    const std::int64_t width = kWidths[level - 1];
    const ValueId up = layers.upsample(step + ".up", x, 2);
    const ValueId joined = layers.concat_channels(step + ".concat", {up, features[level - 1]});
    x = conv_bn_relu(layers, step + ".conv1", joined, width, 3);
    x = conv_bn_relu(layers, step + ".conv2", x, width, 3);
  }
  x = conv_bn_relu(
      layers, name + ".level0.conv", layers.upsample(name + ".level0.up", x, 2), 32, 3);
  const ValueId logit = layers.conv(name + ".logit",
                                    layers.upsample(name + ".up", x, 2),
                                    {.out_channels = 1, .kernel = 3, .padding = 1});
  const ValueId nearness = layers.apply("Sigmoid", name + ".sigmoid", {logit});
  const ValueId farness =
      layers.apply("Sub", name + ".farness", {layers.scalar(name + ".one", 1.0F), nearness});
  return layers.apply("Mul", "depth", {farness, layers.scalar(name + ".range", kDepthRangeMetres)});
}

}  // namespace

Graph make_mtmi_b0(const MtmiB0Options& options) {
  if (options.height < 32 || options.width < 32 || options.height % 32 != 0 ||
      options.width % 32 != 0) {
    throw Error(ErrorCode::InvalidArgument,
                "zoo::make_mtmi_b0",
                "size: got " + std::to_string(options.height) + "x" +
                    std::to_string(options.width) + ", expected multiples of 32");
  }
  if (options.classes < 1) {
    throw Error(ErrorCode::InvalidArgument,
                "zoo::make_mtmi_b0",
                "classes: got " + std::to_string(options.classes) + ", expected at least 1");
  }
  Graph graph;
  graph.name = "mtmi_b0";
  Layers layers(graph, options.seed);
  const ValueId image =
      graph.add_input("input", {DType::Float32, Shape{1, 3, options.height, options.width}});
  const std::vector<ValueId> features = Encoder(layers).build(image);
  const ValueId seg = segmentation_head(layers, features, options.classes);
  const ValueId depth = depth_head(layers, features);
  graph.add_output(seg);
  graph.add_output(depth);
  return graph;
}

}  // namespace mtmi::zoo
