#pragma once
#include <cstdint>
#include <string>

#include "common/tunnel/frame_trait.hpp"

// Another version of the SBC's own package: what the core asks for, and what becomes of it. The SBC speaks of it only
// after it was asked in the same connection, and the core asks only who has named a package in its hello: neither ever
// gets a frame that it doesn't know.
namespace roamdesk::tunnel {

inline constexpr std::size_t most_order = 32, most_version = 50;

// Install this version of your package. Asked again with the same order, the SBC says how that one stands.
struct UpdateOrder {
  static constexpr FrameTrait trait{80, "update_order", Sender::core, FrameClass::signalling};

  std::string order;    // 32 hexadecimal digits
  std::string version;  // is_package_version()
  static void fields(auto& archive, auto& frame) {
    archive.text(frame.order, most_order);
    archive.text(frame.version, most_version);
  }
  friend bool operator==(const UpdateOrder&, const UpdateOrder&) = default;
};

enum class UpdateStage : std::uint8_t {
  accepted = 1,  // handed to the part of the machine that may install
  fetching,
  installing,
  done,      // the new program has reached the core
  refused,   // not begun: it can't, or mustn't; nothing was changed
  failed,    // not installed; nothing was changed
  put_back,  // installed, didn't work, and the one of before was put back
  broken,    // and that didn't work either
};
constexpr bool is_final(UpdateStage stage) { return stage >= UpdateStage::done; }

struct UpdateNews {
  static constexpr FrameTrait trait{81, "update_news", Sender::sbc, FrameClass::signalling};

  std::string order;
  UpdateStage stage = UpdateStage::accepted;
  std::string why;  // in words; "" where there is nothing to say
  static void fields(auto& archive, auto& frame) {
    archive.text(frame.order, most_order);
    archive.enumeration(frame.stage, UpdateStage::accepted, UpdateStage::broken);
    archive.text(frame.why, most_text);
  }
  friend bool operator==(const UpdateNews&, const UpdateNews&) = default;
};

using UpdateFrames = FrameList<UpdateOrder, UpdateNews>;

}  // namespace roamdesk::tunnel
