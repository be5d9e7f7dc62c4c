#pragma once
#include <gmock/gmock.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <fstream>

#include "common/crypto/random.hpp"
#include "common/log/log.hpp"
#include "pbx-core/door/door.hpp"
#include "sbc/branch.hpp"

namespace roamdesk::door {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::ip::tcp;
using asio::ip::udp;
using testing::HasSubstr;

inline const std::string question =
    "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.1.9;branch=z9hG4bKx;rport\r\nFrom: <sip:a@b>;tag=1\r\n"
    "To: <sip:b@b>\r\nCall-ID: c1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
inline const std::string ok = "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n";

inline WallTime now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

struct Core final : DoorHandler, media::Plane {
  void on_sip(const sip::Flow& flow, std::string_view message) override {
    flows.push_back(flow);
    messages.emplace_back(message);
  }
  void on_flow_closed(const sip::Flow& flow, std::string_view why) override {
    closed.push_back(flow);
    reasons.emplace_back(why);
  }
  void on_http(HttpRequest request, HttpReply reply) override {
    paths.push_back(request.site.value() + request.path);
    agents.push_back(request.user_agent);
    over_tls.push_back(request.tls);
    if (content) {
      HttpAnswer answer{200, "application/octet-stream", {}};
      answer.content = content;
      return reply(std::move(answer));
    }
    reply({200, "text/plain", std::string(50'000, 'x')});
  }
  void on_media(const media::Event&) override {}
  void on_sbc_connected(const std::string&, bool fresh) override { ++(fresh ? fresh_connections : resumed); }
  void on_sbc_disconnected(const std::string&, const std::string&) override { ++disconnections; }
  std::optional<Sbc> find_sbc(const std::string& name) const override {
    return sbc && sbc->name == name ? sbc : std::nullopt;
  }
  void store_sbc(Sbc record, std::function<void(bool)> done) override {
    sbc = std::move(record);
    done(true);
  }
  void order(const media::Order& order) override { orders.push_back(order); }
  std::optional<Sbc> sbc;
  std::vector<sip::Flow> flows, closed;
  std::vector<std::string> messages, paths, agents, reasons;
  std::vector<bool> over_tls;
  std::optional<Content> content;  // what is asked for
  std::vector<media::Order> orders;
  int fresh_connections = 0, resumed = 0, disconnections = 0;
};

struct Plane final : media::Plane {
  void order(const media::Order& order) override { orders.push_back(order); }
  std::vector<media::Order> orders;
};

// A core and one branch in one loop, through real TLS over loopback.
struct DoorAndBranch : testing::Test {
  std::filesystem::path dir;
  asio::io_context io;
  Core core;
  Plane plane;
  crypto::Authority authority = crypto::Authority::create("ca", crypto::random_bytes(16), now());
  std::unique_ptr<Door> door;
  std::unique_ptr<sbc::Branch> branch;
  Endpoint face{{0x7f000105}, 0}, tunnel_at;
  Secret key;
  std::optional<tunnel::InstanceId> instance;  // as whom the branch knows the core
  std::function<Result<void>(const http::TlsFiles&)> serve_https;
  std::optional<Package> package;  // that the branch's program is from
  std::function<void(sbc::Branch::Options&)> change;

  // One that is free for UDP and TCP, of those that the kernel gives to nobody by itself (ip_local_port_range): no
  // other test's connection takes it meanwhile.
  std::uint16_t free_port(asio::ip::address_v4 address) {
    for (;;) {
      const auto port =
          static_cast<std::uint16_t>(10000 + crypto::random_bytes(1)[0] * 64 + crypto::random_bytes(1)[0]);
      boost::system::error_code by_udp, by_tcp;
      udp::socket datagrams{io, udp::v4()};
      datagrams.bind({address, port}, by_udp);
      tcp::acceptor connections{io, tcp::v4()};
      connections.bind({address, port}, by_tcp);
      if (!by_udp && !by_tcp) return port;
    }
  }

  DoorAndBranch() {
    log::set_sink([](std::string_view) {});
    std::string name = (std::filesystem::temp_directory_path() / "roamdesk_door_XXXXXX").string();
    dir = ::mkdtemp(name.data());
    face.port = free_port(asio::ip::address_v4{face.address.v4()});
    open_door({{0x7f000001}, 0});
    Sbc record;
    record.name = "branch-1";
    key = door->make_enrolment_key(record);
    core.sbc = record;
  }
  ~DoorAndBranch() override {
    branch.reset();
    door.reset();
    std::filesystem::remove_all(dir);
    log::set_sink(nullptr);
  }

  void open_door(Endpoint at) {
    DoorSettings settings;
    settings.udp = settings.tcp = Endpoint{{0x7f000001}, 0};
    settings.tunnel = {at};
    settings.instance = instance;
    settings.contents = dir / "contents";
    door = std::make_unique<Door>(io, settings, authority, core, &core, std::vector<tunnel::link::MediaLink*>{});
    door->start();
    tunnel_at = door->tunnel();
  }
  void open_branch() {
    sbc::Config config;
    config.state_dir = dir;
    config.core = {{"127.0.0.1", tunnel_at.port}};
    config.enrolment_key = key;
    sbc::LanConfig lan;
    lan.address = face.address;
    lan.sip = face.port;
    lan.sips = lan.ntp = std::nullopt;
    lan.pnp = false;
    config.lan = {lan};
    sbc::Branch::Options options;
    options.grace = 0ms;
    options.serve_https = serve_https;
    options.look_again = 50ms;
    options.package = package;
    options.update_result = dir / "update-result";
    if (change) change(options);
    branch = std::make_unique<sbc::Branch>(io, config, options, &plane, nullptr);
    branch->start();
  }
  template <class Done>
  bool until(Done done) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!done() && std::chrono::steady_clock::now() < end) io.run_one_for(50ms);
    return done();
  }
  std::string receive(udp::socket& phone) {
    EXPECT_TRUE(until([&] { return phone.available() > 0; }));
    std::string buffer(4096, ' ');
    udp::endpoint from;
    if (phone.available() == 0) return {};
    buffer.resize(phone.receive_from(asio::buffer(buffer), from));
    EXPECT_EQ(from.port(), face.port) << "from exactly the face";
    return buffer;
  }
  udp::socket phone() { return udp::socket{io, {asio::ip::make_address_v4("127.0.1.9"), 0}}; }
  udp::endpoint to_face() const { return {asio::ip::address_v4{face.address.v4()}, face.port}; }
};

}  // namespace roamdesk::door
