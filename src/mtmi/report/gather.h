// From the files that other verbs write to a report.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/bundle/manifest.h"
#include "mtmi/report/report.h"

namespace mtmi::report {

/// What the manifest of the bundle in `folder` says: parts, hand-offs, agreement, files.
/// Pre: open_bundle() has read it, so that every file is there. Throws Error(Io).
[[nodiscard]] Report describe_bundle(const bundle::Manifest& manifest,
                                     const std::filesystem::path& folder);

/// The spans in a Chrome trace that Pipeline::write_trace() wrote. `file` names it in errors.
/// Throws Error(InvalidModel) for anything else.
[[nodiscard]] std::vector<Span> parse_timeline(std::string_view text, const std::string& file);

/// Why the trace in `text` is not of the bundle: another network's hash, where it names one, or
/// stages that the bundle has not. Empty: nothing speaks against it. Throws as parse_timeline().
[[nodiscard]] std::string trace_mismatch(const bundle::Manifest& manifest,
                                         std::string_view text,
                                         const std::string& file);

/// The same of what `mtmi eval --json` printed: another hash, or outputs that the bundle has not.
/// Throws as parse_evaluation().
[[nodiscard]] std::string evaluation_mismatch(const bundle::Manifest& manifest,
                                              std::string_view text,
                                              const std::string& file);

/// `timeline` with the sentence on where it is from, and what follows from it: the median of every
/// stage, and of the period, as first facts, with the rate.
void add_timeline(Report& report, std::vector<Span> timeline, std::string note);

/// Median time between the ends of consecutive frames [ms]; 0 with fewer than two frames.
[[nodiscard]] double period_ms(const std::vector<Span>& timeline);

/// Frames divided by the time from the first frame's end to the last one's [1/s]; 0 with fewer than
/// two frames.
[[nodiscard]] double frames_per_second(const std::vector<Span>& timeline);

/// The tensors of a head's scale table that were calibrated here, in the file's order. `file` names
/// it in errors. Throws Error(InvalidModel).
[[nodiscard]] std::vector<Distribution> parse_distributions(std::string_view text,
                                                            const std::string& head,
                                                            const std::string& file);

/// What `mtmi eval --json` printed: for every head a table with all variants, their intervals, what
/// each changed against the first and the gate's answer; then, where it has error budgets, one list
/// of tensors per head. `file` names it in errors. Throws Error(InvalidModel).
[[nodiscard]] std::vector<Section> parse_evaluation(std::string_view text, const std::string& file);

/// The same in front of what the report has to say itself.
void add_evaluation(Report& report, std::string_view text, const std::string& file);

/// The PNG files of a folder by name, at most `max_pictures`. Throws Error(Io),
/// Error(InvalidArgument) where there is none, Error(InvalidModel) for one that is no PNG file.
[[nodiscard]] std::vector<Picture> read_pictures(const std::filesystem::path& folder,
                                                 std::size_t max_pictures);

}  // namespace mtmi::report
