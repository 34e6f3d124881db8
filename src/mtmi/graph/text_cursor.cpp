#include "mtmi/graph/text_cursor.h"

#include <algorithm>

#include "mtmi/error.h"
#include "mtmi/graph/text_literal.h"

namespace mtmi::text {

bool Cursor::accept(char mark) {
  if (!at(mark)) {
    return false;
  }
  ++position_;
  skip_space();
  return true;
}

void Cursor::expect(char mark) {
  if (!accept(mark)) {
    fail(std::string("expected '") + mark + "'");
  }
}

std::string_view Cursor::peek_word() const {
  std::size_t end = position_;
  while (end < text_.size() && text::is_word_character(text_[end])) {
    ++end;
  }
  return text_.substr(position_, end - position_);
}

bool Cursor::accept_word(std::string_view word) {
  if (peek_word() != word) {
    return false;
  }
  position_ += word.size();
  skip_space();
  return true;
}

std::string_view Cursor::expect_word(const char* what) {
  const std::string_view word = peek_word();
  if (word.empty()) {
    fail(std::string("expected ") + what);
  }
  position_ += word.size();
  skip_space();
  return word;
}

std::string Cursor::expect_string() {
  const std::size_t start = position_;
  if (!at('"')) {
    fail("expected a string in double quotes");
  }
  std::string result;
  for (++position_; !at('"'); ++position_) {
    if (at_end() || at('\n')) {
      fail_at(start, "the string is not closed");
    }
    result += at('\\') ? escaped_character() : text_[position_];
  }
  ++position_;
  skip_space();
  return result;
}

std::string Cursor::expect_name(const char* what) {
  return at('"') ? expect_string() : std::string(expect_word(what));
}

std::int64_t Cursor::expect_int() {
  const std::size_t start = position_;
  const auto value = text::parse_int(expect_word("an integer"));
  if (!value) {
    fail_at(start, "expected an integer of 64 bits");
  }
  return *value;
}

float Cursor::expect_float() {
  const std::size_t start = position_;
  const auto value = text::parse_float(expect_word("a number"));
  if (!value) {
    fail_at(start, "expected a number");
  }
  return *value;
}

void Cursor::fail(const std::string& expected) const {
  std::string got = "the end of the text";
  if (!at_end()) {
    const std::string_view word = peek_word();
    got = text::quoted(word.empty() ? text_.substr(position_, 1) : word.substr(0, 40));
  }
  fail_at(position_, "got " + got + ", " + expected);
}

void Cursor::fail_at(std::size_t position, const std::string& message) const {
  const std::string_view before = text_.substr(0, position);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start =
      before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  throw Error(ErrorCode::InvalidModel,
              "graph::parse_text",
              "line " + std::to_string(line) + ", column " +
                  std::to_string(position - line_start + 1) + ": " + message);
}

void Cursor::skip_space() {
  while (!at_end()) {
    const char c = text_[position_];
    if (c == '#') {
      position_ = std::min(text_.find('\n', position_), text_.size());
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++position_;
    } else {
      return;
    }
  }
}

char Cursor::escaped_character() {
  const std::size_t start = position_;
  const std::string_view escape = text_.substr(position_, 4);
  const char kind = escape.size() > 1 ? escape[1] : '\0';
  ++position_;
  if (kind == '"' || kind == '\\') {
    return kind;
  }
  if (kind == 'n') {
    return '\n';
  }
  const auto hex = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  if (kind != 'x' || escape.size() < 4 || hex(escape[2]) < 0 || hex(escape[3]) < 0) {
    fail_at(start, R"(expected \", \\, \n or \xHH)");
  }
  position_ += 2;
  return static_cast<char>(hex(escape[2]) * 16 + hex(escape[3]));
}
}  // namespace mtmi::text
