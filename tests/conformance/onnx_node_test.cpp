// Runs the ONNX project's node tests (Debian's libonnx-testdata) through reader, upgrade and
// interpreter: one test per case, made from the folders that are there.
//
// With MTMI_VERIFY_XFAILS=1 the excluded cases run, too, and an exclusion that is not needed fails.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

#include "exclusions.h"
#include "onnx_case.h"
#include <gtest/gtest.h>

#include "mtmi/interp/interpreter.h"
#include "mtmi/onnx/operator_history.h"

namespace mtmi::conformance {
namespace {

/// What the run found, for the summary at the end.
struct Tally {
  int cases = 0;
  int passed = 0;
  int failed = 0;
  std::map<std::string, int> excluded;      ///< by "pattern   reason"
  std::set<std::string> missing_operators;  ///< that mtmi has not
  int with_missing_operators = 0;
};

class CaseTest : public testing::Test {
 public:
  CaseTest(OnnxCase onnx_case, bool is_excluded, Tally& tally)
      : case_(std::move(onnx_case)), is_excluded_(is_excluded), tally_(tally) {}

  void TestBody() override {
    const std::string difference = run_case(case_);
    if (is_excluded_) {
      EXPECT_NE(difference, "") << "the case passes: take it out of exclusions.txt";
      return;
    }
    ++(difference.empty() ? tally_.passed : tally_.failed);
    EXPECT_EQ(difference, "");
  }

 private:
  const OnnxCase case_;
  const bool is_excluded_;
  Tally& tally_;
};

std::vector<std::string> missing_operators(const OnnxCase& onnx_case) {
  std::vector<std::string> missing;
  for (const std::string& op : onnx_case.operators) {
    if (onnx::find_history(op) == nullptr || !can_evaluate(op == "Upsample" ? "Resize" : op)) {
      missing.push_back(op);
    }
  }
  return missing;
}

void register_case(const OnnxCase& onnx_case, bool is_excluded, Tally& tally) {
  testing::RegisterTest("OnnxNode",
                        onnx_case.name.c_str(),
                        nullptr,
                        nullptr,
                        __FILE__,
                        __LINE__,
                        [onnx_case, is_excluded, &tally]() -> testing::Test* {
                          return new CaseTest(onnx_case, is_excluded, tally);
                        });
}

void register_cases(const std::vector<OnnxCase>& cases,
                    const std::vector<Exclusion>& exclusions,
                    bool verify,
                    Tally& tally) {
  for (const OnnxCase& onnx_case : cases) {
    ++tally.cases;
    const std::vector<std::string> missing = missing_operators(onnx_case);
    if (!missing.empty()) {
      ++tally.with_missing_operators;
      tally.missing_operators.insert(missing.begin(), missing.end());
      continue;
    }
    const auto exclusion =
        std::find_if(exclusions.begin(), exclusions.end(), [&onnx_case](const Exclusion& e) {
          return matches(e.pattern, onnx_case.name);
        });
    const bool is_excluded = exclusion != exclusions.end();
    if (is_excluded) {
      ++tally.excluded[exclusion->pattern + "   " + exclusion->reason];
    }
    if (!is_excluded || verify) {
      register_case(onnx_case, is_excluded, tally);
    }
  }
}

void print(const Tally& tally) {
  int excluded = 0;
  for (const auto& [exclusion, count] : tally.excluded) {
    excluded += count;
  }
  std::printf("\nONNX node tests: %d cases, of which %d use supported operators only\n",
              tally.cases,
              tally.cases - tally.with_missing_operators);
  std::printf(
      "  passed    %4d\n  failed    %4d\n  excluded  %4d\n", tally.passed, tally.failed, excluded);
  for (const auto& [exclusion, count] : tally.excluded) {
    std::printf("    %3d  %s\n", count, exclusion.c_str());
  }
  std::string names;
  for (const std::string& op : tally.missing_operators) {
    names += " " + op;
  }
  std::printf("  not of mtmi: %d cases with%s\n", tally.with_missing_operators, names.c_str());
}

}  // namespace
}  // namespace mtmi::conformance

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc != 3) {
    std::fprintf(stderr, "usage: mtmi_onnx_node_test FOLDER EXCLUSIONS [gtest options]\n");
    return 2;
  }
  const auto cases = mtmi::conformance::find_cases(argv[1]);
  if (cases.empty()) {
    std::printf("no ONNX node tests in %s: install libonnx-testdata\n", argv[1]);
    return 77;  // CTest's SKIP_RETURN_CODE
  }
  const char* verify = std::getenv("MTMI_VERIFY_XFAILS");
  mtmi::conformance::Tally tally;
  mtmi::conformance::register_cases(cases,
                                    mtmi::conformance::read_exclusions(argv[2]),
                                    verify != nullptr && std::string(verify) == "1",
                                    tally);
  const int status = RUN_ALL_TESTS();
  mtmi::conformance::print(tally);
  return status;
}
