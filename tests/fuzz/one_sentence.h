// What every reader promises about bad input: an Error whose message is one sentence.
#pragma once

#include <functional>

namespace mtmi::fuzz {

/// Runs `action`; aborts, saying why, if it throws anything but an Error with a message of one line
/// of printable characters.
void expect_one_sentence(const std::function<void()>& action);

/// Runs `action` on what mtmi wrote itself; aborts, saying why, if it is refused.
void expect_no_refusal(const std::function<void()>& action);

}  // namespace mtmi::fuzz
