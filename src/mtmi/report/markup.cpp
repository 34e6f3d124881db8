#include "mtmi/report/markup.h"

#include <array>
#include <cstdint>

#include <fmt/core.h>

namespace mtmi::report {

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      const std::size_t at = i + k;
      group = group << 8U | (at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      const bool padding = i + k > bytes.size();
      out += padding ? '=' : kDigits[group >> (18U - 6U * k) & 63U];
    }
  }
  return out;
}

std::string shorten_front(std::string_view text, std::size_t length) {
  if (text.size() <= length) {
    return std::string(text);
  }
  std::size_t begin = text.size() - length + 1;
  // Not within a character of UTF-8.
  while (begin < text.size() && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U) {
    ++begin;
  }
  return "…" + std::string(text.substr(begin));
}

std::string bytes_text(std::size_t bytes) {
  constexpr std::array<const char*, 4> kUnits{"B", "kB", "MB", "GB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1000.0 && unit + 1 < kUnits.size()) {
    value /= 1000.0;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.3g} {}", value, kUnits[unit]);
}

Drawing::Drawing(double width, double height, std::string_view label)
    : head_(fmt::format(R"(<svg viewBox="0 0 {:.0f} {:.0f}" style="min-width:{:.0f}px" role="img" )"
                        R"(aria-label="{}">)",
                        width,
                        height,
                        width * 0.6,
                        escape(label))) {}

void Drawing::rectangle(double x,
                        double y,
                        double width,
                        double height,
                        std::string_view css_class,
                        std::string_view title) {
  body_ += fmt::format(R"(<rect x="{:.1f}" y="{:.1f}" width="{:.2f}" height="{:.1f}" class="{}")",
                       x,
                       y,
                       width,
                       height,
                       css_class);
  body_ += title.empty() ? "/>" : fmt::format("><title>{}</title></rect>", escape(title));
}

void Drawing::line(double x1, double y1, double x2, double y2, std::string_view css_class) {
  body_ += fmt::format(R"(<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" class="{}"/>)",
                       x1,
                       y1,
                       x2,
                       y2,
                       css_class);
}

void Drawing::text(double x,
                   double y,
                   std::string_view text,
                   std::string_view css_class,
                   std::string_view anchor) {
  body_ += fmt::format(R"(<text x="{:.1f}" y="{:.1f}" class="{}" text-anchor="{}">{}</text>)",
                       x,
                       y,
                       css_class,
                       anchor,
                       escape(text));
}

void Drawing::arrow(double x1, double y1, double x2, double y2) {
  const double bend = (x2 - x1) / 2.0;
  body_ += fmt::format(
      R"(<path d="M{:.1f},{:.1f} C{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}" class="edge"/>)",
      x1,
      y1,
      x1 + bend,
      y1,
      x2 - bend,
      y2,
      x2 - 6.0,
      y2);
  body_ += fmt::format(R"(<path d="M{:.1f},{:.1f} l-8,-4 v8 z" class="tip"/>)", x2, y2);
}

std::string Drawing::finish() const {
  return head_ + body_ + "</svg>";
}

}  // namespace mtmi::report
