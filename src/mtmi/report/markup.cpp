#include "mtmi/report/markup.h"

#include <algorithm>
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

std::string escape_breakable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("/+"), text.size() - 1) + 1;
    out += escape(text.substr(0, end));
    text.remove_prefix(end);
    out += text.empty() ? "" : "<wbr>";
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

Path::Path(double x, double y) : data_(fmt::format("M{:.1f},{:.1f}", x, y)), x_(x), y_(y) {}

void Path::line_to(double x, double y) {
  data_ += fmt::format(" L{:.1f},{:.1f}", x, y);
  x_ = x;
  y_ = y;
}

void Path::bend_to(double x, double y, bool level) {
  const double middle_x = (x_ + x) / 2.0;
  const double middle_y = (y_ + y) / 2.0;
  data_ += fmt::format(" C{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}",
                       level ? middle_x : x_,
                       level ? y_ : middle_y,
                       level ? middle_x : x,
                       level ? y : middle_y,
                       x,
                       y);
  x_ = x;
  y_ = y;
}

namespace {

constexpr std::array kClasses{"any", "wide", "narrow"};  // by Width

}  // namespace

Drawing::Drawing(double width, double height, Width page, std::string_view label)
    : head_(fmt::format(R"(<svg class="{}" viewBox="0 0 {:.0f} {:.0f}" )"
                        R"(style="min-width:{:.0f}px;max-width:{:.0f}px" role="img" )"
                        R"(aria-label="{}">)",
                        kClasses[static_cast<std::size_t>(page)],
                        width,
                        height,
                        width * 0.7,
                        width * 1.2,
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
  if (text.empty()) {
    return;
  }
  body_ += fmt::format(R"(<text x="{:.1f}" y="{:.1f}" class="{}" text-anchor="{}">{}</text>)",
                       x,
                       y,
                       css_class,
                       anchor,
                       escape(text));
}

void Drawing::arrow(const Path& path, double x, double y, bool level, std::string_view css_class) {
  body_ += fmt::format(R"(<path d="{}" class="edge {}"/>)", path.data(), css_class);
  body_ +=
      fmt::format(R"(<path d="M{:.1f},{:.1f} {} z" class="tip {}"/>)",
                  x,
                  y,
                  level ? fmt::format("l-{:g},-4 v8", kTip) : fmt::format("l-4,-{:g} h8", kTip),
                  css_class);
}

std::string Drawing::finish() const {
  return head_ + body_ + "</svg>";
}

}  // namespace mtmi::report
