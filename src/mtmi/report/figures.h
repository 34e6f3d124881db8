// The drawings of the page. Private to report/.
#pragma once

#include <cstddef>
#include <string>

#include "mtmi/report/markup.h"
#include "mtmi/report/report.h"

namespace mtmi::report {

/// Stages as boxes, from left to right or (narrow) from top to bottom, hand-offs as arrows with
/// their bytes. An <svg> element.
[[nodiscard]] std::string draw_pipeline(const Report& report, Width width);

/// One lane per stage, one bar per frame, at most `max_frames` of them. An <svg> element.
/// Pre: !report.timeline.empty().
[[nodiscard]] std::string draw_timeline(const Report& report, std::size_t max_frames, Width width);

/// What a variant lost, as a point with its interval, on an axis in units of the limit, which is a
/// line as 0 is. Intervals that reach beyond the axis end in an arrow. An <svg> element.
[[nodiscard]] std::string draw_loss(const Loss& loss);

/// Counts on a logarithmic scale; what lies beyond the threshold in another colour. An <svg>
/// element.
[[nodiscard]] std::string draw_distribution(const Distribution& distribution);

}  // namespace mtmi::report
