// Pieces of HTML and SVG. Private to report/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mtmi::report {

/// `text` with & < > " replaced: safe in elements and attributes, whatever a model's names hold.
[[nodiscard]] std::string escape(std::string_view text);

/// The same with places where a long name may be broken: behind '/' and '+'.
[[nodiscard]] std::string escape_breakable(std::string_view text);

/// `bytes` in base 64, for data: addresses (RFC 4648).
[[nodiscard]] std::string base64(std::string_view bytes);

/// At most `length` characters of `text`, its beginning left out: the end of a tensor's name tells
/// more than its beginning.
[[nodiscard]] std::string shorten_front(std::string_view text, std::size_t length);

/// The pages that show a drawing: what is wide by nature is drawn twice, for either.
enum class Width : std::uint8_t { Any, Wide, Narrow };

/// A line that bends. In user units.
class Path {
 public:
  Path(double x, double y);

  void line_to(double x, double y);
  /// In the direction of x (`level`) or y at both ends.
  void bend_to(double x, double y, bool level);

  /// As the attribute `d` of a <path>.
  [[nodiscard]] const std::string& data() const noexcept { return data_; }

 private:
  std::string data_;
  double x_;
  double y_;
};

/// A drawing in user units, scaled to the width of the page. Colours come from classes, so that the
/// page decides on light and dark. Not drawn much larger than its units, nor so small that its text
/// could not be read: its card scrolls then.
class Drawing {
 public:
  /// Length of an arrow's tip.
  static constexpr double kTip = 8.0;

  Drawing(double width, double height, Width page, std::string_view label);

  void rectangle(double x,
                 double y,
                 double width,
                 double height,
                 std::string_view css_class,
                 std::string_view title = {});
  void line(double x1, double y1, double x2, double y2, std::string_view css_class);
  /// `anchor`: "start", "middle" or "end". Nothing for an empty text.
  void text(double x,
            double y,
            std::string_view text,
            std::string_view css_class,
            std::string_view anchor = "start");
  /// `path` with a tip that points at x, y: to the right (`level`) or down.
  void arrow(const Path& path, double x, double y, bool level, std::string_view css_class = {});

  /// The whole <svg> element.
  [[nodiscard]] std::string finish() const;

 private:
  std::string head_;
  std::string body_;
};

}  // namespace mtmi::report
