// What a verb is: `mtmi VERB`. Each stands in its own cmd_<verb>.cpp; verbs.cpp lists them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

namespace CLI {
class App;
}

namespace mtmi::cli {

/// What scripts rely on.
enum class ExitCode : int {
  Done = 0,
  Failed = 1,  ///< bad input, missing file, device fault: one sentence on stderr
  Usage = 2,
  No = 3,  ///< the answer is no: refused layer, beyond tolerance, gate
  Interrupted = 130,
};

/// The options that every verb has.
struct CommonOptions {
  bool json = false;  ///< one JSON document on stdout and nothing else there
  bool quiet = false;
  bool verbose = false;
  int threads = 0;                   ///< 0: all processors
  std::size_t max_memory_bytes = 0;  ///< 0: default_memory_limit()
};

/// Does the work after the options have been parsed. Throws Error.
using Action = std::function<ExitCode(const CommonOptions& common)>;

/// What Ctrl-C leaves behind.
enum class Interruption : std::uint8_t {
  LeavesNothing,
  KeepsFinished,  ///< files that are complete stay, or what was counted so far
};

struct Verb {
  std::string_view name;
  std::string_view summary;  ///< one line, for `mtmi --help`
  std::string_view example;  ///< a call that works, for `mtmi VERB --help`
  /// Adds the verb's own options to `app` and returns what to do with them.
  Action (*declare)(CLI::App& app);
  Interruption interruption = Interruption::LeavesNothing;
};

/// All verbs, in the order in which a user needs them.
[[nodiscard]] std::span<const Verb> verbs();

}  // namespace mtmi::cli
