#pragma once
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/names/wire.hpp"

namespace roamdesk::dns {

// A DNS server on loopback, over UDP and TCP. What it doesn't know doesn't exist.
class Server {
 public:
  using Wire = names::Wire;
  enum class Code : unsigned { no_error = 0, failed = 2, no_such_name = 3, refused = 5 };

  // Port 0: one of the system's choice.
  explicit Server(boost::asio::io_context& io, std::uint16_t port = 0) : Server(bound(io, port)) {}

  Endpoint endpoint() const { return {IpAddress{0x7f000001}, udp_.local_endpoint().port()}; }

  void address(const std::string& name, std::uint32_t address, std::uint32_t ttl = 3600) {
    add(name, 1, name, ttl, Wire{}.u32(address));
  }
  void address(const std::string& name, IpAddress address, std::uint32_t ttl = 3600) {
    Wire data;
    for (const auto byte : address.bytes()) data.u8(byte);
    add(name, 28, name, ttl, data);
  }
  void alias(const std::string& question, unsigned type, const std::string& name, const std::string& target,
             std::uint32_t ttl) {
    add(question, type, name, ttl, Wire{}.name(target), 5);
  }
  void service(const std::string& name, unsigned priority, unsigned port, const std::string& target,
               std::uint32_t ttl = 3600) {
    add(name, 33, name, ttl, Wire{}.u16(priority).u16(1).u16(port).name(target));
  }
  void pointer(const std::string& name, unsigned order, const std::string& services, const std::string& replacement) {
    add(name, 35, name, 3600, Wire{}.u16(order).u16(1).text("s").text(services).text("").name(replacement));
  }
  // Records of `type` in the answer for `question` whose owner is another name.
  void add(const std::string& question, unsigned type, const std::string& owner, std::uint32_t ttl, const Wire& data,
           unsigned kind = 0) {
    Known& known = known_[{question, type}];
    known.records.record(owner, kind == 0 ? type : kind, ttl, data);
    ++known.count;
  }
  void nothing(const std::string& name, unsigned type) { known_[{name, type}]; }
  void code(const std::string& name, unsigned type, Code code) { known_[{name, type}].code = code; }
  void garbage(const std::string& name, unsigned type) { known_[{name, type}].garbage = true; }

  bool silent = false;       // as if it were away
  bool only_by_tcp = false;  // over UDP every answer is cut (TC)
  unsigned asked = 0, asked_by_tcp = 0;

 private:
  struct Known {
    Wire records;
    unsigned count = 0;
    Code code = Code::no_error;
    bool garbage = false;
  };
  struct Connection {
    explicit Connection(boost::asio::ip::tcp::socket accepted) : socket(std::move(accepted)) {}
    boost::asio::ip::tcp::socket socket;
    std::array<std::uint8_t, 2> size{};
    std::vector<std::uint8_t> message;
  };

  std::vector<std::uint8_t> answer(const std::vector<std::uint8_t>& query, bool tcp) {
    std::string name;
    std::size_t at = 12;
    while (query.at(at) != 0) {
      if (!name.empty()) name += '.';
      name.append(query.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                  query.begin() + static_cast<std::ptrdiff_t>(at) + 1 + query[at]);
      at += 1U + query[at];
    }
    // Case is the asker's (a newer c-ares mixes it), and is given back.
    std::string lower = name;
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const unsigned type = static_cast<unsigned>(query.at(at + 1) << 8 | query.at(at + 2));
    const auto it = known_.find({lower, type});
    // A name that has addresses of one family is there, and has none of the other.
    const bool is_there = (type == 1 && known_.contains({lower, 28})) || (type == 28 && known_.contains({lower, 1}));
    const Known unknown{
        .records = {}, .count = 0, .code = is_there ? Code::no_error : Code::no_such_name, .garbage = false};
    const Known& known = it == known_.end() ? unknown : it->second;
    const bool cut = only_by_tcp && !tcp;
    Wire wire;
    wire.u16(static_cast<unsigned>(query[0] << 8 | query[1]));
    wire.u16(0x8180 | static_cast<unsigned>(known.code) | (cut ? 0x0200U : 0U));
    wire.u16(1).u16(cut ? 0 : known.count).u16(0).u16(0).name(name).u16(type).u16(1);
    if (known.garbage) wire.u8(0xff);
    if (!cut) wire.bytes.insert(wire.bytes.end(), known.records.bytes.begin(), known.records.bytes.end());
    return wire.bytes;
  }
  void receive() {
    udp_.async_receive_from(
        boost::asio::buffer(buffer_), peer_, [this](boost::system::error_code error, std::size_t size) {
          if (error) return;
          if (!silent) {
            ++asked;
            const auto bytes = answer({buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(size)}, false);
            udp_.send_to(boost::asio::buffer(bytes), peer_, 0, error);
          }
          receive();
        });
  }
  void accept() {
    tcp_.async_accept([this](boost::system::error_code error, boost::asio::ip::tcp::socket socket) {
      if (error) return;
      serve(std::make_shared<Connection>(std::move(socket)));
      accept();
    });
  }
  void serve(const std::shared_ptr<Connection>& connection) {
    boost::asio::async_read(
        connection->socket, boost::asio::buffer(connection->size),
        [this, connection](boost::system::error_code error, std::size_t) {
          if (error) return;
          connection->message.resize(static_cast<std::size_t>(connection->size[0] << 8 | connection->size[1]));
          boost::asio::async_read(connection->socket, boost::asio::buffer(connection->message),
                                  [this, connection](boost::system::error_code failed, std::size_t) {
                                    if (failed) return;
                                    ++asked_by_tcp;
                                    const auto bytes = answer(connection->message, true);
                                    Wire framed;
                                    framed.u16(static_cast<unsigned>(bytes.size()))
                                        .bytes.insert(framed.bytes.end(), bytes.begin(), bytes.end());
                                    boost::asio::write(connection->socket, boost::asio::buffer(framed.bytes), failed);
                                    serve(connection);
                                  });
        });
  }

  using Sockets = std::pair<boost::asio::ip::udp::socket, boost::asio::ip::tcp::acceptor>;
  explicit Server(Sockets sockets) : udp_(std::move(sockets.first)), tcp_(std::move(sockets.second)) {
    receive();
    accept();
  }
  // One port for both; where the system chose one for UDP that somebody else has for TCP, another one.
  static Sockets bound(boost::asio::io_context& io, std::uint16_t port) {
    const auto loopback = boost::asio::ip::address_v4::loopback();
    for (int left = port == 0 ? 100 : 1;; --left) {
      boost::asio::ip::udp::socket udp{io, {loopback, port}};
      try {
        boost::asio::ip::tcp::acceptor tcp{io, {loopback, udp.local_endpoint().port()}};
        return {std::move(udp), std::move(tcp)};
      } catch (const boost::system::system_error&) {
        if (left == 1) throw;
      }
    }
  }

  boost::asio::ip::udp::socket udp_;
  boost::asio::ip::tcp::acceptor tcp_;
  boost::asio::ip::udp::endpoint peer_;
  std::array<std::uint8_t, 1500> buffer_{};
  std::map<std::pair<std::string, unsigned>, Known> known_;
};

}  // namespace roamdesk::dns
