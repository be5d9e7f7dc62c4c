#pragma once
#include <optional>
#include <string_view>

#include "common/config/section.hpp"
#include "common/media_orders/loop_kind.hpp"

// Keys that both programs' files have.
namespace roamdesk::config {

// A range of ports in which a call has room: at least 4.
void read_rtp_ports(Section& section, std::string_view key, PortRange& out);
// `loop` of the section `media`.
void read_media_loop(Section& media, media::LoopKind& out);
// `threads` there: 1 to 16, or nullopt (auto).
void read_media_threads(Section& media, std::optional<std::size_t>& out);
// `log` and `metrics`.
void read_operations(Section& root, log::Settings& log, std::optional<Endpoint>& metrics);

}  // namespace roamdesk::config
