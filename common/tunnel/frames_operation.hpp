#pragma once
#include <cstdint>
#include <string>

#include "common/tunnel/frame_trait.hpp"

// An SBC as its administrator runs it from the core: its settings, its log, its end. The core sends them only to an SBC
// whose hello has the mark for it (roamdesk::run_mark), and the SBC speaks of it only where it was asked in the same
// connection: neither ever gets a frame that it doesn't know.
namespace roamdesk::tunnel {

// 32 lower-case hexadecimal digits name what was asked for.
inline constexpr std::size_t most_run_order = 32, most_report_piece = 8 * 1024;
inline constexpr std::uint8_t as_its_file = 255;

// What the console wishes in place of what stands in the SBC's own file. All of it, each time.
struct SettingsOrder {
  static constexpr FrameTrait trait{82, "settings_order", Sender::core, FrameClass::signalling};

  std::uint8_t log_level = as_its_file;  // log::Level's value, 0..3
  std::uint8_t sip_dscp = as_its_file;   // 0..63, RFC 2474
  std::uint8_t rtp_dscp = as_its_file;
  static void fields(auto& archive, auto& frame) {
    archive.number(frame.log_level);
    archive.number(frame.sip_dscp);
    archive.number(frame.rtp_dscp);
  }
  friend bool operator==(const SettingsOrder&, const SettingsOrder&) = default;
};

// The answer: what is in force there now.
struct SettingsNews {
  static constexpr FrameTrait trait{83, "settings_news", Sender::sbc, FrameClass::signalling};

  std::uint8_t log_level = 0, sip_dscp = 0, rtp_dscp = 0;
  std::string why;  // what of the order couldn't be done, in words; "" where all was
  static void fields(auto& archive, auto& frame) {
    archive.at_most(frame.log_level, 3);
    archive.at_most(frame.sip_dscp, 63);
    archive.at_most(frame.rtp_dscp, 63);
    archive.text(frame.why, most_text);
  }
  friend bool operator==(const SettingsNews&, const SettingsNews&) = default;
};

enum class ReportKind : std::uint8_t { log = 1, diagnosis };

// Its log, or all that helps to find out what is wrong there, without secrets.
struct ReportOrder {
  static constexpr FrameTrait trait{84, "report_order", Sender::core, FrameClass::signalling};

  std::string order;
  ReportKind kind = ReportKind::log;
  std::uint16_t lines = 0;  // of the log, the newest
  static void fields(auto& archive, auto& frame) {
    archive.text(frame.order, most_run_order);
    archive.enumeration(frame.kind, ReportKind::log, ReportKind::diagnosis);
    archive.number(frame.lines);
  }
  friend bool operator==(const ReportOrder&, const ReportOrder&) = default;
};

// A piece of the answer. Behind calls and signalling in the queue, and no more of them at once than a moment takes.
struct ReportPart {
  static constexpr FrameTrait trait{85, "report_part", Sender::sbc, FrameClass::bulk};

  std::string order;
  bool last = true;
  std::string why;  // refused, in words: it is the last piece, and has no bytes
  std::string bytes;
  static void fields(auto& archive, auto& frame) {
    archive.text(frame.order, most_run_order);
    archive.flag(frame.last);
    archive.text(frame.why, most_text);
    archive.text(frame.bytes, most_report_piece);
  }
  friend bool operator==(const ReportPart&, const ReportPart&) = default;
};

enum class RestartKind : std::uint8_t { program = 1, machine };

struct RestartOrder {
  static constexpr FrameTrait trait{86, "restart_order", Sender::core, FrameClass::signalling};

  std::string order;  // none is carried out twice
  RestartKind kind = RestartKind::program;
  bool during_calls = false;  // else it is refused while the branch has calls
  static void fields(auto& archive, auto& frame) {
    archive.text(frame.order, most_run_order);
    archive.enumeration(frame.kind, RestartKind::program, RestartKind::machine);
    archive.flag(frame.during_calls);
  }
  friend bool operator==(const RestartOrder&, const RestartOrder&) = default;
};

struct RestartNews {
  static constexpr FrameTrait trait{87, "restart_news", Sender::sbc, FrameClass::signalling};

  std::string order;
  bool accepted = false;
  std::string why;  // why not, in words
  static void fields(auto& archive, auto& frame) {
    archive.text(frame.order, most_run_order);
    archive.flag(frame.accepted);
    archive.text(frame.why, most_text);
  }
  friend bool operator==(const RestartNews&, const RestartNews&) = default;
};

using OperationFrames = FrameList<SettingsOrder, SettingsNews, ReportOrder, ReportPart, RestartOrder, RestartNews>;

}  // namespace roamdesk::tunnel
