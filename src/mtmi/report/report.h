// What is told about a bundle on one page: everything the page shows, as a value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mtmi::report {

/// A part of the network on its device.
struct Stage {
  std::string name;    ///< "encoder", "seg", "seg_tail"
  std::string kind;    ///< "encoder", "head", "tail"
  std::string device;  ///< "dla_sim:0"
  std::string capability;
  std::string precision;
  std::size_t engine_bytes = 0;
  double predicted_ms = 0.0;  ///< by the device's cost model; 0 where it has none [ms]
  double measured_ms = 0.0;   ///< median over the timeline's frames; 0 where there is none [ms]
  std::string fallback;       ///< why it does not run where the target wants it; empty if it does
};

/// A tensor that one stage hands to another.
struct HandOff {
  std::string from;    ///< a stage; "frame" for an input of the network
  std::string to;      ///< a stage; "result" for an output of the network
  std::string tensor;  ///< name
  std::string format;  ///< "s8[1,32,128,256] chw32 scale 0.0213"
  std::size_t bytes = 0;
};

/// When a stage worked on a frame.
struct Span {
  std::string stage;
  std::string device;
  std::uint64_t frame = 0;
  double start_us = 0.0;  ///< from the first frame's beginning
  double end_us = 0.0;
};

/// A table of the page: what it says is text already, numbers in the digits that are meant.
struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

/// One bar of a list, the longest first.
struct Bar {
  std::string label;
  double value = 0.0;
  std::string text;  ///< the value as it is to be read, with its unit
};

/// What a head of a variant lost against the first variant, in the unit of its figure; a rise of an
/// error and a fall of a score are losses.
struct Loss {
  double value = 0.0;
  double low = 0.0;   ///< of its 95 % interval
  double high = 0.0;  ///< of the same
  double limit = 0.0;
  bool passed = false;  ///< as the gate answered
};

/// A tensor's distribution of |x| and where it is cut off.
struct Distribution {
  std::string head;
  std::string tensor;
  std::string method;   ///< how the threshold was found
  double absmax = 0.0;  ///< the largest |x| that was seen
  double amax = 0.0;    ///< the threshold: 127 steps of the scale
  double scale = 0.0;
  bool exchanged = true;              ///< false: inside a layer, where the scale rounds nothing
  std::vector<std::uint64_t> counts;  ///< equal bins of |x| over [0, absmax]
};

/// A picture with what it shows.
struct Picture {
  std::string caption;
  std::string png;  ///< the bytes of a PNG file
};

struct File {
  std::string path;  ///< below the bundle's folder
  std::string hash;
  std::size_t bytes = 0;
};

/// A part of the page that not every bundle has: a table with the sentences above it.
struct Section {
  std::string title;
  std::string text;
  Table table;
  std::vector<std::optional<Loss>> losses;  ///< drawn behind the table's rows; empty: none is
  std::vector<Bar> bars;
};

struct Report {
  std::string network;
  std::string mtmi_version;
  std::vector<std::pair<std::string, std::string>>
      facts;  ///< what, how much: the page's first line
  std::vector<Stage> stages;
  std::string simulated;  ///< which devices are simulated, a sentence; empty: none is
  std::vector<HandOff> hand_offs;
  std::vector<Span> timeline;
  std::string timeline_note;  ///< a sentence on where and how it was measured
  std::vector<Section> sections;
  std::vector<Picture> pictures;
  std::vector<Distribution> distributions;
  std::vector<File> files;
};

/// The report as JSON, without the pictures' bytes: what `mtmi report --json` prints, and what the
/// page's numbers are tested against.
[[nodiscard]] std::string to_json(const Report& report);

/// One HTML page that needs no other file and no network; light or dark as the reader's system is.
[[nodiscard]] std::string to_html(const Report& report);

}  // namespace mtmi::report
