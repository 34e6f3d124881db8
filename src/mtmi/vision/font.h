// Private to vision/: the strokes of the letters.
#pragma once

#include <string_view>

namespace mtmi::vision {

/// One character on a grid. Rows are letters: a = top of capitals, d = top of small letters,
/// j = baseline, m = descender; columns are digits.
struct Glyph {
  int width;  ///< [grid columns]; three more separate it from the next
  /// Strokes separated by spaces; each is a list of points "column row". Upper case: the stroke
  /// passes through it. Lower case: the control point of a quadratic curve; between two of them
  /// the stroke passes through their middle (as in TrueType).
  std::string_view strokes;
};

inline constexpr float kGridCapHeight = 9.0F;  ///< rows from 'a' to 'j'
inline constexpr float kGridColumn = 0.88F;    ///< width of a column [rows]
inline constexpr int kGridSpacing = 3;         ///< columns between characters

/// The glyph of `c`, or that of '?' if it is not printable ASCII.
[[nodiscard]] const Glyph& glyph_of(char c) noexcept;

}  // namespace mtmi::vision
