#include "mtmi/cli/any_model.h"

#include <chrono>
#include <utility>
#include <vector>

#include "mtmi/bundle.h"
#include "mtmi/bundle/manifest.h"
#include "mtmi/core/file.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/device/convert.h"
#include "mtmi/device/engine_file.h"
#include "mtmi/error.h"
#include "mtmi/ops/output_agreement.h"
#include "mtmi/pipeline.h"

namespace mtmi::cli {

/// How the kinds differ.
class AnyModel::Form {
 public:
  virtual ~Form() = default;
  [[nodiscard]] virtual TensorMap run(const TensorMap& inputs) = 0;
  virtual void set_observer(IntermediateObserver observer) = 0;
  /// The network, where it is known; throws Error if its file cannot be read.
  [[nodiscard]] virtual std::optional<Graph> graph() const = 0;

  std::vector<TensorDesc> inputs;
  std::vector<std::string> outputs;
};

class AnyModel::SessionForm final : public Form {
 public:
  SessionForm(const Registry& registry, std::filesystem::path path, OpenOptions options)
      : path_(std::move(path)),
        options_(std::move(options)),
        session_(open_session(registry, path_, options_)) {
    inputs.assign(session_->inputs().begin(), session_->inputs().end());
    for (const TensorDesc& desc : session_->outputs()) {
      outputs.push_back(desc.name);
    }
  }

  [[nodiscard]] TensorMap run(const TensorMap& values) override {
    TensorMap results = session_->run(values);
    for (const TensorDesc& desc : session_->outputs()) {
      Tensor& tensor = results.at(desc.name);
      tensor = to_real(tensor, desc.scale);
    }
    return results;
  }

  void set_observer(IntermediateObserver observer) override {
    session_->set_observer(std::move(observer));
  }

  [[nodiscard]] std::optional<Graph> graph() const override {
    if (is_engine(MappedFile(path_).bytes())) {
      return std::nullopt;
    }
    return load_graph(path_, options_.shapes);
  }

 private:
  std::filesystem::path path_;
  OpenOptions options_;
  std::unique_ptr<Session> session_;
};

class AnyModel::BundleForm final : public Form {
 public:
  explicit BundleForm(std::filesystem::path folder)
      : folder_(std::move(folder)), bundle_(Bundle::open(folder_)), pipeline_(bundle_, {}) {
    inputs = input_descs(bundle_);
    for (const HeadInfo& head : bundle_.heads()) {
      outputs.push_back(head.name);
    }
  }

  [[nodiscard]] TensorMap run(const TensorMap& values) override {
    constexpr std::chrono::minutes kTimeout(10);
    Frame frame;
    for (const auto& [name, tensor] : values) {
      frame.tensors.emplace(name, tensor);
    }
    const std::optional<Result> result =
        pipeline_.wait(pipeline_.submit(std::move(frame)), kTimeout);
    if (!result) {
      throw Error(
          ErrorCode::Timeout, "cli::AnyModel", "the bundle gave no result after 10 minutes");
    }
    TensorMap results;
    for (const HeadInfo& head : bundle_.heads()) {
      results.emplace(head.name, to_real(result->tensor(head.name).clone(), head.tensor.scale));
    }
    return results;
  }

  void set_observer(IntermediateObserver /*observer*/) override {
    throw Error(ErrorCode::InvalidArgument,
                "cli::AnyModel",
                folder_.string() + " is a bundle: intermediates of ONNX files can be observed");
  }

  [[nodiscard]] std::optional<Graph> graph() const override {
    return load_graph(folder_ / bundle::open_bundle(folder_).simplified.path, {});
  }

 private:
  std::filesystem::path folder_;
  Bundle bundle_;
  Pipeline pipeline_;
};

AnyModel::AnyModel(const Registry& registry, std::filesystem::path path, OpenOptions options)
    : registry_(registry) {
  if (std::filesystem::is_directory(path)) {
    refuse_options_of_a_bundle(options);
    form_ = std::make_unique<BundleForm>(std::move(path));
  } else {
    form_ = std::make_unique<SessionForm>(registry, std::move(path), std::move(options));
  }
}

AnyModel::~AnyModel() = default;

std::span<const TensorDesc> AnyModel::inputs() const noexcept {
  return form_->inputs;
}

std::span<const std::string> AnyModel::outputs() const noexcept {
  return form_->outputs;
}

TensorMap AnyModel::run(const TensorMap& inputs) {
  TensorMap results = form_->run(inputs);
  check_interrupt();
  return results;
}

std::optional<LabelScores> AnyModel::run_label_scores(const std::string& output,
                                                      const TensorMap& inputs) const {
  const std::optional<Graph> graph = form_->graph();
  const auto id = graph ? graph->find_value(output) : std::nullopt;
  const auto source = id ? ops::find_label_source(*graph, *id) : std::nullopt;
  if (!source) {
    return std::nullopt;
  }
  return ops::run_label_scores(*graph, *source, [&](const Graph& scores) {
    return Session(registry_.backend("cpu"), scores, CompileOptions{}).run(inputs);
  });
}

void AnyModel::set_observer(IntermediateObserver observer) {
  form_->set_observer(std::move(observer));
}

}  // namespace mtmi::cli
