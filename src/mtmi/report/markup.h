// Pieces of HTML and SVG. Private to report/.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mtmi::report {

/// `text` with & < > " replaced: safe in elements and attributes, whatever a model's names hold.
[[nodiscard]] std::string escape(std::string_view text);

/// `bytes` in base 64, for data: addresses (RFC 4648).
[[nodiscard]] std::string base64(std::string_view bytes);

/// At most `length` characters of `text`, its beginning left out: the end of a tensor's name tells
/// more than its beginning.
[[nodiscard]] std::string shorten_front(std::string_view text, std::size_t length);

/// "8.1 MB", "512 B"; a unit is 1,000 of the one before.
[[nodiscard]] std::string bytes_text(std::size_t bytes);

/// A drawing in user units, scaled to the width of the page. Colours come from classes, so that the
/// page decides on light and dark.
class Drawing {
 public:
  Drawing(double width, double height, std::string_view label);

  void rectangle(double x,
                 double y,
                 double width,
                 double height,
                 std::string_view css_class,
                 std::string_view title = {});
  void line(double x1, double y1, double x2, double y2, std::string_view css_class);
  /// `anchor`: "start", "middle" or "end".
  void text(double x,
            double y,
            std::string_view text,
            std::string_view css_class,
            std::string_view anchor = "start");
  /// An arrow from left to right, level at both ends.
  void arrow(double x1, double y1, double x2, double y2);

  /// The whole <svg> element.
  [[nodiscard]] std::string finish() const;

 private:
  std::string head_;
  std::string body_;
};

}  // namespace mtmi::report
