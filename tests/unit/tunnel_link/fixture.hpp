#pragma once
#include <gtest/gtest.h>
#include <poll.h>

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "common/asio/handshakes.hpp"
#include "common/crypto/random.hpp"
#include "common/tunnel/link/client.hpp"
#include "common/tunnel/link/server.hpp"

// A core and SBCs on loopback with real sockets and real TLS, run by one thread.
namespace roamdesk::tunnel::link {

using namespace std::chrono_literals;

inline WallTime wall_now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

struct Packet {
  MediaPeer peer;
  std::uint32_t stream;
  bool rtcp;
  std::string bytes;
  friend bool operator==(const Packet&, const Packet&) = default;
};

struct Sink : PacketSink {
  std::vector<Packet> packets;
  void on_packet(MediaPeer peer, std::uint32_t stream, bool rtcp, std::span<const std::uint8_t> bytes,
                 TimePoint) override {
    packets.push_back({peer, stream, rtcp, std::string{crypto::as_text(bytes)}});
  }
};

struct CoreSide : ServerHandler {
  std::vector<std::string> log;
  std::vector<Frame> frames;
  std::function<bool(const SiteId&, std::string_view)> allowed = [](const SiteId&, std::string_view) { return true; };
  std::function<void(const Enrol&, Reply)> enrolling;
  std::function<void(const std::string&, Reply)> renewing;
  bool is_allowed(const SiteId& site, std::string_view serial) override { return allowed(site, serial); }
  void on_enrol(const Enrol& enrol, Reply reply) override { enrolling(enrol, std::move(reply)); }
  void on_renew(const SiteId&, const std::string& request, Reply reply) override {
    renewing(request, std::move(reply));
  }
  void on_connected(const SiteId& site, const Hello&, bool resumed) override {
    log.push_back((resumed ? "resumed " : "connected ") + site.value());
  }
  void on_disconnected(const SiteId& site, Reason reason, std::string_view) override {
    log.push_back("disconnected " + site.value() + " " + std::to_string(static_cast<int>(reason)));
  }
  void on_expired(const SiteId& site) override { log.push_back("expired " + site.value()); }
  void on_frame(const SiteId&, Frame frame) override { frames.push_back(std::move(frame)); }
  void on_turned_away(const TurnedAway& since) override { turned_away.push_back(since); }
  std::vector<TurnedAway> turned_away;
};

struct BranchSide : ClientHandler {
  std::vector<std::string> log;
  std::vector<Frame> frames;
  std::optional<crypto::Identity> renewed;
  void on_connected(const Welcome& welcome) override { log.push_back(welcome.resumed ? "resumed" : "connected"); }
  void on_disconnected(Reason reason, std::string_view) override {
    log.push_back("disconnected " + std::to_string(static_cast<int>(reason)));
  }
  void on_frame(Frame frame) override { frames.push_back(std::move(frame)); }
  void on_identity(const crypto::Identity& identity) override { renewed = identity; }
};

class LinkTest : public testing::Test {
 protected:
  static crypto::Authority make_authority() {
    return crypto::Authority::create("Roamdesk test", crypto::random_bytes(16), wall_now());
  }
  crypto::Identity make_sbc(const std::string& name, const crypto::Authority& by,
                            std::chrono::hours lifetime = 24h * 365) {
    crypto::Identity identity;
    identity.key = crypto::generate_key();
    const auto request = crypto::make_request(identity.key, name);
    identity.certificate = *by.sign_client(*request, name, crypto::random_bytes(16), wall_now(), lifetime);
    identity.authority = by.certificate();
    return identity;
  }

  // TCP on the port that the media link got (or `port`).
  void start_core(std::uint16_t port = 0, bool use_udp = true) {
    if (port != 0) return start_core_at(port, use_udp);
    at_any_port([&] { start_core_at(0, use_udp); });
  }
  // A port that is free for UDP may be taken for TCP, by whatever else runs here: then another one is tried.
  static void at_any_port(const std::function<void()>& start) {
    for (int tries = 20;; --tries) {
      try {
        return start();
      } catch (const std::system_error&) {
        if (tries == 0) throw;
      }
    }
  }
  void start_core_at(std::uint16_t port, bool use_udp) {
    server.reset();
    MediaLink::Settings media;
    media.listen = {{core_at, port}};
    media.use_udp = use_udp;
    core_media = std::make_unique<MediaLink>(Side::core, media);
    core_media->set_sink(&core_sink);
    Server::Settings settings;
    settings.listen = {core_media->local_endpoint()};
    settings.identity = authority.make_server({"core.roamdesk"}, crypto::random_bytes(16), wall_now(), 24h);
    settings.software = "core test";
    settings.strangers = strangers;
    settings.handshakes = &handshakes;
    server = std::make_unique<Server>(io, settings, core, std::vector{core_media.get()});
    server->start();
  }
  std::string core_address() const { return to_string(server->local_endpoint()); }

  Client::Settings client_settings(const crypto::Identity& identity) {
    Client::Settings settings;
    settings.cores = {core_address()};
    settings.identity = identity;
    settings.software = "sbc test";
    settings.lans = {Lan{IpAddress{0xc0a80105}, 5060, 0, 5000, 123, {20000, 29999}, true}};
    settings.back_off.superseded = 10s;
    return settings;
  }
  void start_branch(const crypto::Identity& identity, bool use_udp = true) {
    MediaLink::Settings media;
    media.use_udp = use_udp;
    branch_media = std::make_unique<MediaLink>(Side::sbc, media);
    branch_media->set_sink(&branch_sink);
    client = std::make_unique<Client>(io, client_settings(identity), branch, branch_media.get());
    client->start();
  }

  static void turn(MediaLink* link) {
    if (link == nullptr) return;
    const auto now = std::chrono::steady_clock::now();
    link->handle_readable(now);
    link->handle_timeout(now);
    link->flush(now);
  }
  // Runs everything until `done`, or fails after ten seconds.
  bool run_until(const std::function<bool()>& done, std::chrono::milliseconds most = 10s) {
    const auto end = std::chrono::steady_clock::now() + most;
    while (!done()) {
      if (std::chrono::steady_clock::now() > end) return false;
      if (io.stopped()) io.restart();
      io.run_for(1ms);
      turn(core_media.get());
      turn(branch_media.get());
    }
    return true;
  }
  static bool logged(const std::vector<std::string>& log, const std::string& line, std::ptrdiff_t times = 1) {
    return std::count(log.begin(), log.end(), line) >= times;
  }
  bool connect() {
    return run_until([&] { return logged(branch.log, "connected") && logged(core.log, "connected branch-1"); });
  }

  ~LinkTest() override { handshakes.stop(); }

  IpAddress core_at{0x7f000001};
  crypto::Authority authority = make_authority();
  Strangers strangers;
  Handshakes handshakes;  // outlives the io_context
  boost::asio::io_context io;
  CoreSide core;
  BranchSide branch;
  Sink core_sink, branch_sink;
  std::unique_ptr<MediaLink> core_media, branch_media;
  std::unique_ptr<Server> server;
  std::unique_ptr<Client> client;
  const SiteId site{"branch-1"};
};

}  // namespace roamdesk::tunnel::link
