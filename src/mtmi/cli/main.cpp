// mtmi VERB: parses the options, runs the verb, and turns what it throws into a sentence and an
// exit code. The one place besides the pipeline's workers where an Error is caught.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <new>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <malloc.h>

#include "mtmi/cli/option_checks.h"
#include "mtmi/cli/sizes.h"
#include "mtmi/cli/usage_error.h"
#include "mtmi/cli/verb.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/core/log.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/core/thread_pool.h"
#include "mtmi/error.h"
#include "mtmi/version.h"

namespace mtmi::cli {
namespace {

/// A verb with its parser.
struct Command {
  CLI::App* app = nullptr;
  Action action;
  Interruption interruption = Interruption::LeavesNothing;
};

void add_common_options(CLI::App& app, CommonOptions& common) {
  app.add_flag("--json", common.json, "Print one JSON document on stdout")->group("Common");
  app.add_flag("--quiet", common.quiet, "Print results and errors only")->group("Common");
  app.add_flag("--verbose", common.verbose, "Print more, with the place in mtmi's source on errors")
      ->group("Common");
  app.add_option("--threads", common.threads, "Compute threads (default: all processors)")
      ->check(whole_number(1, 4096))
      ->group("Common");
  app.add_option_function<std::string>(
         "--max-memory",
         [&common](const std::string& text) { common.max_memory_bytes = parse_bytes(text); },
         "Most memory to take, e.g. 2GiB (default: 3/4 of the machine's)")
      ->check(parsed_by([](const std::string& text) { static_cast<void>(parse_bytes(text)); }))
      ->group("Common");
}

void apply(const CommonOptions& common) {
  set_log_level(common.quiet     ? LogLevel::Quiet
                : common.verbose ? LogLevel::Verbose
                                 : LogLevel::Normal);
  if (common.threads > 0) {
    set_num_threads(common.threads);
  }
  if (common.max_memory_bytes > 0) {
    set_memory_limit(common.max_memory_bytes);
  }
}

/// Results are worth nothing if they did not reach the disk or the pipe.
ExitCode flush_stdout(ExitCode code) {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    std::fputs("mtmi: standard output: cannot write the results\n", stderr);
    return ExitCode::Failed;
  }
  return code;
}

ExitCode report_interruption(Interruption interruption) {
  std::fputs(interruption == Interruption::KeepsFinished
                 ? "mtmi: interrupted; what was finished is kept\n"
                 : "mtmi: interrupted; nothing is written\n",
             stderr);
  return ExitCode::Interrupted;
}

ExitCode report(const Error& error, bool verbose) {
  const std::string place = verbose ? " [" + error.where() + "]" : "";
  std::fprintf(stderr, "mtmi: %s%s\n", error.what(), place.c_str());
  return ExitCode::Failed;
}

/// -o "" and the like, as an unset variable of a script leaves them.
void refuse_empty_values(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& value : option->results()) {
      if (value.empty()) {
        throw UsageError(option->get_name() + ": got an empty text");
      }
    }
  }
}

/// CLI11 takes numbers and some words behind a flag, and says of others that it could not convert.
void refuse_values_of_flags(const CLI::App& app, const std::vector<std::string>& arguments) {
  const auto verbs = app.get_subcommands([&arguments](const CLI::App* verb) {
    return !arguments.empty() && verb->get_name() == arguments.front();
  });
  if (verbs.empty()) {
    return;
  }
  for (const std::string& argument : arguments) {
    const std::size_t equals = argument.find('=');
    if (argument == "--") {
      return;
    }
    if (!argument.starts_with("--") || equals == std::string::npos) {
      continue;
    }
    const CLI::Option* option = verbs.front()->get_option_no_throw(argument.substr(0, equals));
    if (option != nullptr && option->get_items_expected_max() == 0) {
      throw UsageError(fmt::format("{}: got '{}', expected no value: it is on where it stands",
                                   option->get_name(),
                                   argument.substr(equals + 1)));
    }
  }
}

ExitCode run(const Command& command, const CommonOptions& common) {
  try {
    refuse_empty_values(*command.app);
    apply(common);
    catch_interrupts();
    return flush_stdout(command.action(common));
  } catch (const UsageError& e) {
    report(e, common.verbose);
    return ExitCode::Usage;
  } catch (const Error& e) {
    return e.code() == ErrorCode::Interrupted ? report_interruption(command.interruption)
                                              : report(e, common.verbose);
  } catch (const std::filesystem::filesystem_error& e) {
    std::fprintf(stderr, "mtmi: %s: %s\n", e.path1().c_str(), e.code().message().c_str());
  } catch (const std::bad_alloc&) {
    std::fputs("mtmi: the system has no more memory; lower --max-memory or use smaller inputs\n",
               stderr);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "mtmi: unexpected failure, please report it: %s\n", e.what());
  }
  return ExitCode::Failed;
}

/// CLI11 puts the explanation on several lines; scripts and people want one sentence.
ExitCode report_usage(const CLI::App& app, const CLI::ParseError& error, const std::string& verb) {
  if (error.get_exit_code() == 0) {  // --help, --version
    return flush_stdout(static_cast<ExitCode>(app.exit(error)));
  }
  const std::string of_verb = verb.empty() ? "" : " " + verb;
  // CLI11 misses a verb before it looks at what stands in its place.
  const std::vector<std::string> unknown =
      verb.empty() ? app.remaining() : std::vector<std::string>();
  const std::string missing = verb.empty() ? "expected a verb" : error.what();
  const std::string message =
      unknown.empty() ? missing : "there is no verb or option '" + unknown.front() + "'";
  std::fprintf(stderr,
               "mtmi%s: %s%s mtmi%s --help\n",
               of_verb.c_str(),
               message.c_str(),
               message.ends_with('?') ? " See" : "; see",
               of_verb.c_str());
  return ExitCode::Usage;
}

/// Weights and pictures come and go by the megabyte. By default the C library gives each piece back
/// to the system, which then has to clear its pages anew: a tenth of the time of many verbs.
void keep_freed_memory() {
#if defined(__GLIBC__)
  constexpr int kLargestPiece = 32 << 20;  // the most that glibc takes
  mallopt(M_MMAP_THRESHOLD, kLargestPiece);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
#endif
}

ExitCode parse_and_run(int argc, char** argv) {
  CLI::App app("mtmi: one encoder, several heads, several devices", "mtmi");
  app.set_version_flag("--version", std::string("mtmi ") + version());
  app.require_subcommand(1);
  CommonOptions common;
  std::vector<Command> commands;
  for (const Verb& verb : verbs()) {
    CLI::App* sub = app.add_subcommand(std::string(verb.name), std::string(verb.summary));
    sub->footer("Example:\n  " + std::string(verb.example));
    commands.push_back(
        {.app = sub, .action = verb.declare(*sub), .interruption = verb.interruption});
    add_common_options(*sub, common);
  }
  try {
    refuse_values_of_flags(app, {argv + 1, argv + argc});
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    const auto parsed = app.get_subcommands();
    return report_usage(app, e, parsed.empty() ? "" : parsed.front()->get_name());
  } catch (const Error& e) {
    report(e, false);
    return ExitCode::Usage;
  }
  const auto parsed = std::find_if(commands.begin(), commands.end(), [](const Command& command) {
    return command.app->parsed();
  });
  return run(*parsed, common);
}

}  // namespace
}  // namespace mtmi::cli

// What throws past parse_and_run() is a mistake of ours. NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv) {
  mtmi::cli::keep_freed_memory();
  return static_cast<int>(mtmi::cli::parse_and_run(argc, argv));
}
