#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/package.hpp"
#include "common/base/time.hpp"
#include "common/tunnel/frames.hpp"

namespace roamdesk::door {

// What is known of an SBC at this moment (contract §3, GET /sbcs). Kept while the core runs, also of one that is away.
struct SbcInfo {
  std::string name;
  bool connected = false;
  std::string address;             // of its control connection: "192.0.2.7:41822"
  std::string version;             // "sbc 0.1.0"
  std::optional<Package> package;  // that it says it is from; nullopt: none, or one from before it could say so
  std::string instance;            // of its program: another one after each start
  std::optional<tunnel::UpdateNews> update;    // what it said last of an order; nullopt: nothing since the core's start
  bool is_run_from_core = false;               // it knows settings, reports and restarts that are asked for here
  std::optional<tunnel::SettingsNews> uses{};  // in force there; nullopt: it hasn't said
  std::vector<tunnel::Lan> lans;               // as it told at its last connection
  WallTime since{};                            // of `connected`
  // Of the certificate that it showed last; nullopt: none since the start.
  std::optional<WallTime> certificate_until;
  Duration rtt{};                  // 0: not measured yet
  std::optional<Duration> jitter;  // how much the UDP path's round trip varies; nullopt: media takes the stream
  double loss = 0;                 // 0..1, of media datagrams
  bool udp = false;                // media goes by UDP, not by the stream
  std::uint32_t phones = 0, streams = 0;
  // Packets for it that found no tunnel or no room in it; datagrams that were replayed or not sealed by it.
  std::uint64_t media_dropped = 0, media_refused = 0;
  std::uint32_t superseded = 0;  // newer connections that took over: two boxes with one identity where it grows
};

}  // namespace roamdesk::door
