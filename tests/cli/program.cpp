#include "program.h"

#include <algorithm>
#include <cstdlib>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mtmi/core/file.h"
#include "mtmi/graph/text.h"
#include "mtmi/onnx/writer.h"
#include "mtmi/ops/operator.h"

namespace mtmi::cli {
namespace {

void redirect(int descriptor, const std::string& path, int flags) {
  const int file = open(path.c_str(), flags, 0644);
  if (file < 0 || dup2(file, descriptor) < 0) {
    _exit(126);
  }
  close(file);
}

std::string contents(const std::filesystem::path& path) {
  return std::filesystem::exists(path) ? std::string(MappedFile(path).text()) : "";
}

}  // namespace

ProgramTest::ProgramTest() {
  std::string pattern = (std::filesystem::path(testing::TempDir()) / "mtmi_cli_XXXXXX").string();
  const char* made = mkdtemp(pattern.data());
  if (made == nullptr) {
    std::abort();
  }
  folder_ = std::filesystem::path(made) / "work";
  std::filesystem::create_directory(folder_);
}

ProgramTest::~ProgramTest() {
  std::filesystem::remove_all(folder_.parent_path());
}

ProgramResult ProgramTest::run(const std::vector<std::string>& arguments) const {
  return spawn(arguments, {});
}

ProgramResult ProgramTest::run_into(const std::string& path,
                                    const std::vector<std::string>& arguments) const {
  return spawn(arguments, {.stdout_path = path});
}

ProgramResult ProgramTest::run_with_file_limit(std::size_t limit_bytes,
                                               const std::vector<std::string>& arguments) const {
  return spawn(arguments, {.stdout_path = "", .file_bytes = limit_bytes});
}

ProgramResult ProgramTest::spawn(const std::vector<std::string>& arguments,
                                 const Limits& limits) const {
  // Beside the working directory, so that entries() shows the program's files only.
  const std::filesystem::path out = folder_.parent_path() / "stdout";
  const std::filesystem::path err = folder_.parent_path() / "stderr";
  std::vector<std::string> words{MTMI_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    constexpr int kCreate = O_WRONLY | O_CREAT | O_TRUNC;
    redirect(STDIN_FILENO, "/dev/null", O_RDONLY);
    redirect(STDOUT_FILENO,
             limits.stdout_path.empty() ? out.string() : limits.stdout_path,
             limits.stdout_path.empty() ? kCreate : O_WRONLY);
    redirect(STDERR_FILENO, err.string(), kCreate);
    if (limits.file_bytes > 0) {
      const rlimit limit{limits.file_bytes, limits.file_bytes};
      setrlimit(RLIMIT_FSIZE, &limit);
    }
    if (chdir(folder_.c_str()) == 0) {
      execv(MTMI_PROGRAM, argv.data());
    }
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          .out = limits.stdout_path.empty() ? contents(out) : "",
          .err = contents(err)};
}

void ProgramTest::write_model(const std::string& file, const char* graph_text) const {
  Graph graph = parse_text(graph_text);
  const bool is_dynamic =
      std::any_of(graph.inputs().begin(), graph.inputs().end(), [&graph](ValueId input) {
        return !graph.value(input).shape;
      });
  if (!is_dynamic) {
    ops::infer_types(graph);
  }
  onnx::write_model(graph, folder_ / file);
}

void ProgramTest::write_text(const std::string& file, const std::string& text) const {
  write_file(folder_ / file, text);
}

std::string ProgramTest::read_text(const std::string& file) const {
  return contents(folder_ / file);
}

std::vector<std::string> ProgramTest::entries() const {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
    found.push_back(std::filesystem::relative(entry.path(), folder_).string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace mtmi::cli
