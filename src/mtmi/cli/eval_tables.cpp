#include "mtmi/cli/eval_tables.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/cli/table.h"
#include "mtmi/core/assert.h"

namespace mtmi::cli {
namespace {

using eval::HeadRecord;
using eval::VariantRecord;

/// Every head that any variant has, in order of names.
std::vector<const HeadRecord*> heads_of(const eval::Evaluation& evaluation) {
  std::vector<const HeadRecord*> heads;
  for (const VariantRecord& variant : evaluation.variants) {
    for (const HeadRecord& head : variant.heads) {
      const bool is_new = std::none_of(heads.begin(), heads.end(), [&](const HeadRecord* other) {
        return other->output == head.output;
      });
      if (is_new) {
        heads.push_back(&head);
      }
    }
  }
  return heads;
}

const vision::Palette& classes_of(const eval::Verdict& result, const std::string& output) {
  return std::get<bundle::SegmentationTask>(result.card.outputs.at(output)).classes;
}

/// "0.31 (0.12 to 0.48)", in points for a segmentation; behind it what the gate says no to, or that
/// it is noise.
std::string loss_text(const eval::GateAnswer& answer) {
  const eval::Loss& loss = answer.loss;
  if (loss.interval == eval::Interval{}) {
    return "none at all";
  }
  const std::string text =
      answer.is_depth
          ? fmt::format(
                "{:+.4f} ({:+.4f} to {:+.4f})", loss.value, loss.interval.low, loss.interval.high)
          : fmt::format("{:+.2f} ({:+.2f} to {:+.2f})",
                        -100.0 * loss.value,
                        -100.0 * loss.interval.high,
                        -100.0 * loss.interval.low);
  return text + (!answer.passed() ? " over the limit" : loss.is_noise() ? " noise" : "");
}

std::string headline_text(const HeadRecord& head) {
  const double value = eval::headline(head);
  return head.is_depth() ? fmt::format("{:.4f}", value) : fmt::format("{:.2f}", 100.0 * value);
}

const std::optional<eval::GateAnswer>& answer_of(const eval::Verdict& result,
                                                 std::size_t variant,
                                                 const std::string& output) {
  const std::vector<HeadRecord>& heads = result.evaluation.variants[variant].heads;
  const auto at =
      std::find_if(heads.begin(), heads.end(), [&](const auto& h) { return h.output == output; });
  MTMI_ASSERT(at != heads.end());
  return result.answers[variant][static_cast<std::size_t>(at - heads.begin())];
}

nlohmann::json to_json(const eval::Interval& interval) {
  return {interval.low, interval.high};
}

nlohmann::json to_json(const eval::GateAnswer& answer) {
  return {{"value", answer.loss.value},
          {"interval", to_json(answer.loss.interval)},
          {"noise", answer.loss.is_noise()},
          {"limit", answer.limit},
          {"passed", answer.passed()}};
}

nlohmann::json to_json(const vision::DepthMetrics& m) {
  return {{"abs_rel", m.abs_rel},
          {"sq_rel", m.sq_rel},
          {"rmse", m.rmse},
          {"rmse_log", m.rmse_log},
          {"si_log", m.si_log},
          {"delta1", m.delta[0]},
          {"delta2", m.delta[1]},
          {"delta3", m.delta[2]}};
}

nlohmann::json depth_to_json(const HeadRecord& head) {
  nlohmann::json json = to_json(vision::mean_depth_metrics(head.depth));
  json["task"] = "depth";
  json["over_pixels"] = to_json(eval::depth_over_pixels(head));
  return json;
}

nlohmann::json confusion_to_json(const vision::ConfusionMatrix& matrix) {
  nlohmann::json rows = nlohmann::json::array();
  for (int truth = 0; truth < matrix.classes(); ++truth) {
    nlohmann::json row = nlohmann::json::array();
    for (int predicted = 0; predicted <= matrix.classes(); ++predicted) {
      row.push_back(matrix.at(truth, predicted));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

nlohmann::json segmentation_to_json(const HeadRecord& head, const vision::Palette& classes) {
  const vision::SegmentationMetrics metrics = eval::segmentation_of(head);
  nlohmann::json iou = nlohmann::json::object();
  for (std::size_t c = 0; c < metrics.iou.size(); ++c) {
    iou[classes[c].name] = metrics.iou[c] ? nlohmann::json(*metrics.iou[c]) : nlohmann::json();
  }
  return {{"task", "segmentation"},
          {"miou", metrics.miou},
          {"pixel_accuracy", metrics.pixel_accuracy},
          {"iou", std::move(iou)},
          {"confusion", confusion_to_json(*head.confusion)}};
}

nlohmann::json scene_losses(const HeadRecord& head, std::size_t scenes) {
  nlohmann::json losses = nlohmann::json::array();
  for (std::size_t i = 0; i < scenes; ++i) {
    losses.push_back(head.scene_loss(i));
  }
  return losses;
}

/// "'a' (0.42), 'b' (0.11), 'c' (0.08)": three tensors with what they cost, in the head's unit.
std::string most_guilty(const eval::ErrorBudget& budget) {
  constexpr std::size_t kNamed = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(kNamed, budget.rows.size()); ++i) {
    const eval::BudgetRow& row = budget.rows[i];
    const double cost = std::max(row.alone, row.gain);
    text += fmt::format(
        "{}'{}' ({})",
        i == 0 ? "" : ", ",
        row.tensor,
        budget.is_depth ? fmt::format("{:.5f}", cost) : fmt::format("{:.3f} points", 100.0 * cost));
  }
  return text;
}

nlohmann::json to_json(const eval::ErrorBudget& budget) {
  nlohmann::json rows = nlohmann::json::array();
  for (const eval::BudgetRow& row : budget.rows) {
    rows.push_back(
        {{"tensor", row.tensor},
         {"layer", row.layer},
         {"sqnr_db", std::isfinite(row.sqnr_db) ? nlohmann::json(row.sqnr_db) : nlohmann::json()},
         {"alone", row.alone},
         {"gain", row.gain}});
  }
  return {{"head", budget.head},
          {"output", budget.output},
          {"task", budget.is_depth ? "depth" : "segmentation"},
          {"all", budget.all},
          {"rows", std::move(rows)}};
}

/// One row per scale.
std::string budget_table(const eval::ErrorBudget& budget) {
  const auto text = [&](double loss) {
    return budget.is_depth ? fmt::format("{:.5f}", loss) : fmt::format("{:.3f}", 100.0 * loss);
  };
  Table table({"tensor", "layer", "SQNR [dB]", "alone", "gain without"});
  for (const eval::BudgetRow& row : budget.rows) {
    table.add_row({row.tensor,
                   row.layer,
                   std::isfinite(row.sqnr_db) ? fmt::format("{:.1f}", row.sqnr_db) : "-",
                   text(row.alone),
                   text(row.gain)});
  }
  return fmt::format("head '{}', {}: {} in all\n",
                     budget.head,
                     budget.is_depth ? "rise of AbsRel" : "loss of mIoU [points]",
                     text(budget.all)) +
         table.to_string();
}

}  // namespace

std::vector<std::string> gate_sentences(const eval::Verdict& result) {
  std::vector<std::string> sentences;
  for (const eval::GateAnswer& answer : eval::failures_of(result)) {
    std::string sentence = answer.to_string();
    for (const eval::ErrorBudget& budget : result.budgets) {
      if (budget.output == answer.output) {
        sentence += "; most guilty: " + most_guilty(budget);
      }
    }
    sentences.push_back(std::move(sentence));
  }
  return sentences;
}

std::string variant_table(const eval::Verdict& result) {
  const std::vector<const HeadRecord*> heads = heads_of(result.evaluation);
  std::vector<std::string> header{"variant"};
  for (const HeadRecord* head : heads) {
    header.push_back(head->output + (head->is_depth() ? " AbsRel" : " mIoU [%]"));
    header.emplace_back(head->is_depth() ? "change (95 %)" : "change [points] (95 %)");
  }
  Table table(header);
  for (std::size_t v = 0; v < result.evaluation.variants.size(); ++v) {
    std::vector<std::string> row{result.evaluation.variants[v].name};
    for (const HeadRecord* column : heads) {
      const HeadRecord* head = result.evaluation.variants[v].find(column->output);
      if (head == nullptr) {
        row.insert(row.end(), {"-", ""});
        continue;
      }
      const auto& answer = answer_of(result, v, head->output);
      row.push_back(headline_text(*head));
      row.push_back(answer ? loss_text(*answer) : "");
    }
    table.add_row(std::move(row));
  }
  return table.to_string();
}

std::string depth_table(const eval::Verdict& result) {
  Table table({"variant",
               "head",
               "AbsRel",
               "SqRel [m]",
               "RMSE [m]",
               "RMSElog",
               "SILog",
               "delta1",
               "delta2",
               "delta3"});
  bool any = false;
  for (const VariantRecord& variant : result.evaluation.variants) {
    for (const HeadRecord& head : variant.heads) {
      if (!head.is_depth()) {
        continue;
      }
      any = true;
      const vision::DepthMetrics m = vision::mean_depth_metrics(head.depth);
      std::vector<std::string> row{variant.name, head.output};
      for (const double value : {m.abs_rel, m.sq_rel, m.rmse, m.rmse_log}) {
        row.push_back(fmt::format("{:.4f}", value));
      }
      row.push_back(fmt::format("{:.2f}", m.si_log));
      for (const double value : m.delta) {
        row.push_back(fmt::format("{:.4f}", value));
      }
      table.add_row(std::move(row));
    }
  }
  return any ? table.to_string() : "";
}

std::string class_table(const eval::Verdict& result) {
  std::string text;
  for (const HeadRecord* any : heads_of(result.evaluation)) {
    if (any->is_depth()) {
      continue;
    }
    std::vector<std::string> header{any->output + ": IoU [%]"};
    std::vector<vision::SegmentationMetrics> columns;
    for (const VariantRecord& variant : result.evaluation.variants) {
      if (const HeadRecord* head = variant.find(any->output)) {
        header.push_back(variant.name);
        columns.push_back(eval::segmentation_of(*head));
      }
    }
    Table table(header);
    const vision::Palette& classes = classes_of(result, any->output);
    for (std::size_t c = 0; c < classes.size(); ++c) {
      std::vector<std::string> row{classes[c].name};
      for (const vision::SegmentationMetrics& metrics : columns) {
        row.push_back(metrics.iou[c] ? fmt::format("{:.2f}", 100.0 * *metrics.iou[c]) : "-");
      }
      table.add_row(std::move(row));
    }
    text += (text.empty() ? "" : "\n") + table.to_string();
  }
  return text;
}

std::string to_text(const eval::Verdict& result, bool classes) {
  std::string text = variant_table(result);
  if (const std::string depth = depth_table(result); !depth.empty()) {
    text += "\n" + depth;
  }
  text += classes ? "\n" + class_table(result) : "";
  for (const eval::ErrorBudget& budget : result.budgets) {
    text += "\n" + budget_table(budget);
  }
  for (const std::string& sentence : gate_sentences(result)) {
    text += "\n" + sentence + "\n";
  }
  return text;
}

nlohmann::json to_json(const eval::Verdict& result) {
  const eval::Evaluation& evaluation = result.evaluation;
  nlohmann::json variants = nlohmann::json::array();
  for (std::size_t v = 0; v < evaluation.variants.size(); ++v) {
    nlohmann::json heads = nlohmann::json::array();
    for (std::size_t h = 0; h < evaluation.variants[v].heads.size(); ++h) {
      const HeadRecord& head = evaluation.variants[v].heads[h];
      nlohmann::json json = head.is_depth()
                                ? depth_to_json(head)
                                : segmentation_to_json(head, classes_of(result, head.output));
      json["output"] = head.output;
      json["interval"] = to_json(eval::headline_interval(head));
      json["scene_losses"] = scene_losses(head, evaluation.scenes.size());
      const auto& answer = result.answers[v][h];
      json["loss"] = answer ? to_json(*answer) : nlohmann::json();
      heads.push_back(std::move(json));
    }
    variants.push_back({{"name", evaluation.variants[v].name}, {"heads", std::move(heads)}});
  }
  nlohmann::json failures = nlohmann::json::array();
  for (const eval::GateAnswer& answer : eval::failures_of(result)) {
    failures.push_back({{"variant", answer.variant}, {"output", answer.output}});
  }
  const std::vector<std::string> sentences = gate_sentences(result);
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    failures[i]["sentence"] = sentences[i];
  }
  nlohmann::json budgets = nlohmann::json::array();
  for (const eval::ErrorBudget& budget : result.budgets) {
    budgets.push_back(to_json(budget));
  }
  return {
      {"scenes", evaluation.scenes},
      {"variants", std::move(variants)},
      {"budgets", std::move(budgets)},
      {"gate", {{"judged", result.judged}, {"passed", failures.empty()}, {"failures", failures}}}};
}

}  // namespace mtmi::cli
