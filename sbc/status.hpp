#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace roamdesk::sbc {

// What `sbc status` shows.
struct Status {
  bool connected = false;
  std::string name;        // of the certificate; "" where there is none
  std::string package;     // that it is from, "0.2.0~deb12 amd64"; "" where it is from none
  std::string core;        // of the present or the last connection
  std::string trouble;     // why it isn't connected
  std::int64_t since = 0;  // of this state, seconds since 1970; 0: never
  double rtt_ms = 0;       // 0: not measured yet
  double loss = 0;         // 0..1
  bool udp = false;
  std::string media_loop;  // "io_uring", "epoll", or "epoll: " and why it isn't io_uring
  // In force, and where that isn't sbc.yaml's: "debug (the console; sbc.yaml says info)".
  std::string log_level, sip_dscp, rtp_dscp;
  std::size_t phones = 0, flows = 0, streams = 0;
  std::vector<std::string> lans;
  std::uint64_t sip_passed = 0, sip_dropped = 0, sip_unavailable = 0, sip_keepalives = 0;
  std::uint64_t sip_newcomers_dropped = 0;  // of sip_dropped: of flows without credentials, over their rate
  std::uint64_t flows_gave_way = 0, proven_flows_gave_way = 0;  // for want of room; the second are among the first
  std::uint64_t connections_refused = 0;
  std::uint64_t provisioning_relayed = 0, provisioning_refused = 0;
  // For metrics only.
  std::uint64_t ntp_answered = 0, ntp_dropped = 0;
  std::uint64_t media_dropped = 0, media_refused = 0;  // packets for the core; datagrams that weren't the core's
};
// Lines of `key: value`; the first is `connected: yes` or `connected: no`.
std::string to_text(const Status& status);

std::filesystem::path status_socket(const std::filesystem::path& state_dir);

// Answers each connection with the text and closes it. Throws std::runtime_error where the socket can't be made.
class StatusServer {
 public:
  StatusServer(boost::asio::io_context& io, const std::filesystem::path& socket, std::function<Status()> status);
  ~StatusServer();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

// For the command line: blocks, 5 s at most. nullopt: no SBC runs there.
std::optional<std::string> ask_status(const std::filesystem::path& socket);

}  // namespace roamdesk::sbc
