#include "one_sentence.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "mtmi/error.h"

namespace mtmi::fuzz {
namespace {

bool is_one_sentence(const std::string& message) {
  return !message.empty() && std::none_of(message.begin(), message.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20;
  });
}

}  // namespace

void expect_one_sentence(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& e) {
    if (!is_one_sentence(e.what())) {
      std::fprintf(stderr, "not one sentence: %s\n", e.what());
      std::abort();
    }
  } catch (const std::exception& e) {
    std::fprintf(stderr, "not an mtmi::Error: %s\n", e.what());
    std::abort();
  }
}

void expect_no_refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "refused what mtmi wrote: %s\n", e.what());
    std::abort();
  }
}

}  // namespace mtmi::fuzz
