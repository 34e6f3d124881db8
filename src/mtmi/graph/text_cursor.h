// Reading a text from its start: words, marks and numbers. Private to graph/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mtmi::text {

/// Reads words and marks off a text and knows where it stands.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) { skip_space(); }

  [[nodiscard]] bool at_end() const { return position_ == text_.size(); }

  [[nodiscard]] std::size_t position() const { return position_; }

  [[nodiscard]] bool at(char mark) const { return !at_end() && text_[position_] == mark; }

  /// Reads `mark`, if that is what stands here.
  bool accept(char mark);
  /// Reads `mark`, or fails. The same for what follows: each names what it expected.
  void expect(char mark);

  /// The word ahead; empty where there is none.
  [[nodiscard]] std::string_view peek_word() const;
  bool accept_word(std::string_view word);
  std::string_view expect_word(const char* what);
  std::string expect_string();
  std::string expect_name(const char* what);
  std::int64_t expect_int();
  float expect_float();

  /// "line L, column C: got 'x', expected y", with what stands at the cursor.
  [[noreturn]] void fail(const std::string& expected) const;
  [[noreturn]] void fail_at(std::size_t position, const std::string& message) const;

 private:
  /// Comments are space, too.
  void skip_space();
  /// The character that the escape under the cursor stands for; the cursor is left on its last.
  char escaped_character();

  std::string_view text_;
  std::size_t position_ = 0;
};

}  // namespace mtmi::text
