// Runs the ONNX project's node tests (Debian's libonnx-testdata) through reader, upgrade and
// interpreter: one test per case, made from the folders that are there. What was read is run as it
// is, simplified, and written and read again.
//
// usage: mtmi_onnx_node_test FOLDER EXCLUSIONS PAGE... [gtest options]
//
// Each PAGE (README.md, docs/conformance.md) must say what the run gives, where the data is that of
// the page. With MTMI_VERIFY_XFAILS=1 the excluded cases run, too, and an exclusion that is not
// needed fails.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "exclusions.h"
#include "onnx_case.h"
#include <gtest/gtest.h>

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
  CaseTest(OnnxCase onnx_case, Treatment treatment, bool is_excluded, Tally& tally)
      : case_(std::move(onnx_case)),
        treatment_(treatment),
        is_excluded_(is_excluded),
        tally_(tally) {}

  void TestBody() override {
    const std::string difference = run_case(case_, treatment_);
    if (is_excluded_) {
      EXPECT_NE(difference, "") << "the case passes: take it out of exclusions.txt";
      return;
    }
    if (treatment_ == Treatment::None) {
      ++(difference.empty() ? tally_.passed : tally_.failed);
    }
    EXPECT_EQ(difference, "");
  }

 private:
  const OnnxCase case_;
  const Treatment treatment_;
  const bool is_excluded_;
  Tally& tally_;
};

std::vector<std::string> missing_operators(const OnnxCase& onnx_case) {
  std::vector<std::string> missing;
  for (const std::string& op : onnx_case.operators) {
    if (onnx::find_history(op) == nullptr) {
      missing.push_back(op);
    }
  }
  return missing;
}

void register_case(const OnnxCase& onnx_case, Treatment treatment, bool is_excluded, Tally& tally) {
  const char* suite = treatment == Treatment::None         ? "OnnxNode"
                      : treatment == Treatment::Simplified ? "OnnxNodeSimplified"
                                                           : "OnnxNodeWritten";
  testing::RegisterTest(suite,
                        onnx_case.name.c_str(),
                        nullptr,
                        nullptr,
                        __FILE__,
                        __LINE__,
                        [onnx_case, treatment, is_excluded, &tally]() -> testing::Test* {
                          return new CaseTest(onnx_case, treatment, is_excluded, tally);
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
      register_case(onnx_case, Treatment::None, is_excluded, tally);
    }
    if (!is_excluded) {
      register_case(onnx_case, Treatment::Simplified, false, tally);
      register_case(onnx_case, Treatment::Written, false, tally);
    }
  }
}

int count_excluded(const Tally& tally) {
  int count = 0;
  for (const auto& [exclusion, cases] : tally.excluded) {
    count += cases;
  }
  return count;
}

/// "932 cases, 625 of supported operators only: 593 passed, 32 excluded"
std::string summary(const Tally& tally) {
  return std::to_string(tally.cases) + " cases, " +
         std::to_string(tally.cases - tally.with_missing_operators) +
         " of supported operators only: " + std::to_string(tally.passed) + " passed, " +
         std::to_string(count_excluded(tally)) + " excluded";
}

void print(const Tally& tally) {
  std::printf("\nONNX node tests: %s, %d failed\n", summary(tally).c_str(), tally.failed);
  for (const auto& [exclusion, count] : tally.excluded) {
    std::printf("  %3d  %s\n", count, exclusion.c_str());
  }
  std::string names;
  for (const std::string& op : tally.missing_operators) {
    names += " " + op;
  }
  std::printf("  not of mtmi: %d cases with%s\n", tally.with_missing_operators, names.c_str());
}

/// Whether the page says the same. It speaks of one version of the data; other counts of cases are
/// of another.
bool is_on_page(const Tally& tally, const char* path) {
  std::ifstream file(path);
  const std::string page(std::istreambuf_iterator<char>(file), {});
  const bool is_same_data = page.find(std::to_string(tally.cases) + " cases,") != std::string::npos;
  if (is_same_data && page.find(summary(tally)) == std::string::npos) {
    std::printf("%s is out of date: it does not say '%s'\n", path, summary(tally).c_str());
    return false;
  }
  return true;
}

}  // namespace
}  // namespace mtmi::conformance

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc < 4) {
    std::fprintf(stderr, "usage: mtmi_onnx_node_test FOLDER EXCLUSIONS PAGE... [gtest options]\n");
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
  int status = RUN_ALL_TESTS();
  mtmi::conformance::print(tally);
  // A filter leaves cases out: the pages are about all of them.
  const auto& run = *testing::UnitTest::GetInstance();
  const bool is_whole = run.test_to_run_count() == run.total_test_count();
  for (int i = 3; i < argc; ++i) {
    if (is_whole && !mtmi::conformance::is_on_page(tally, argv[i])) {
      status = 1;
    }
  }
  return status;
}
