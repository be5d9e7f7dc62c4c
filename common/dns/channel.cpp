#include "common/dns/channel.hpp"

#define CARES_NO_DEPRECATED  // what Debian 12's c-ares 1.18 has is deprecated in Debian 13's, and there all the same
#include <ares.h>
#include <netinet/in.h>
#include <sys/time.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstring>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>

#include "common/base/text.hpp"
#include "common/names/answer_reader.hpp"

namespace roamdesk::dns {
namespace {

namespace asio = boost::asio;
using names::Answer;
using names::Fault;
using names::RecordType;

constexpr int class_internet = 1;
constexpr int first_try_ms = 1000, tries = 2;
constexpr const char* system_servers = "/etc/resolv.conf";

std::filesystem::file_time_type changed_at() {
  std::error_code none;
  return std::filesystem::last_write_time(system_servers, none);
}

Fault fault_of(int status) {
  switch (status) {
    case ARES_ENOTFOUND:
      return Fault::no_such_name;
    case ARES_EBADRESP:
      return Fault::bad_answer;
    case ARES_ETIMEOUT:
      return Fault::no_answer;
    // c-ares 1.18 says ARES_ECONNREFUSED too when every server has answered SERVFAIL or REFUSED.
    default:
      return Fault::server_failed;
  }
}

Answer nothing_of(RecordType type) {
  if (type == RecordType::a || type == RecordType::aaaa) return names::Records{std::vector<names::AddressRecord>{}};
  if (type == RecordType::srv) return names::Records{std::vector<names::ServiceRecord>{}};
  return names::Records{std::vector<names::PointerRecord>{}};
}

// What RFC 6761 §6.3 has a resolver say of `localhost`. So does c-ares, but 1.18 loses memory each time where
// /etc/hosts has the IPv4 address alone.
Answer loopback() {
  IpAddress::Bytes bytes{};
  bytes.back() = 1;
  return names::Records{
      std::vector<names::AddressRecord>{{IpAddress::from_bytes(bytes), std::chrono::seconds{names::longest_ttl}}}};
}

std::optional<IpAddress> address_in(const ares_addrinfo_node& node) {
  if (node.ai_family == AF_INET)
    return IpAddress{ntohl(reinterpret_cast<const sockaddr_in*>(node.ai_addr)->sin_addr.s_addr)};
  if (node.ai_family != AF_INET6) return std::nullopt;
  IpAddress::Bytes bytes;
  std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6*>(node.ai_addr)->sin6_addr, bytes.size());
  return IpAddress::from_bytes(bytes);
}

Answer addresses_in(const ares_addrinfo& found) {
  auto shortest = std::chrono::seconds{names::longest_ttl};
  for (const ares_addrinfo_cname* alias = found.cnames; alias; alias = alias->next)
    shortest = std::min(shortest, std::chrono::seconds{alias->ttl});
  std::vector<names::AddressRecord> records;
  for (const ares_addrinfo_node* node = found.nodes; node && records.size() < names::most_records;
       node = node->ai_next) {
    const auto address = address_in(*node);
    if (address) records.push_back({*address, std::min(shortest, std::chrono::seconds{node->ai_ttl})});
  }
  return names::Records{std::move(records)};
}

}  // namespace

class Channel::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& io, std::vector<Endpoint> servers) : io_(io), timer_(io), servers_(std::move(servers)) {
    open();
  }
  ~Impl() { close(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void ask(const names::Question& question, Answered answered) {
    if (question.type == RecordType::aaaa && equal_ignoring_case(question.name, "localhost")) {
      Asked asked{weak_from_this(), question, std::move(answered)};
      return finish(asked, loopback());
    }
    auto* const asked = new Asked{weak_from_this(), question, std::move(answered)};
    if (question.type == RecordType::a || question.type == RecordType::aaaa) {
      ares_addrinfo_hints hints{};
      hints.ai_family = question.type == RecordType::a ? AF_INET : AF_INET6;
      hints.ai_flags = ARES_AI_NOSORT;
      ares_getaddrinfo(channel_, question.name.c_str(), nullptr, &hints, on_addresses, asked);
    } else {
      ares_query(channel_, question.name.c_str(), class_internet, static_cast<int>(question.type), on_message, asked);
    }
    arm_timer();
  }

  void refresh() {
    if (!servers_.empty() || changed_at() == changed_) return;
    close();
    open();
  }

 private:
  struct Asked {
    std::weak_ptr<Impl> channel;
    names::Question question;
    Answered answered;
  };
  // A socket of c-ares, and what it waits for.
  struct Socket {
    Socket(asio::io_context& io, int fd) : descriptor(io, fd) {}
    ~Socket() { descriptor.release(); }  // c-ares closes it
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    asio::posix::stream_descriptor descriptor;
    bool read = false, write = false;       // wanted
    bool reading = false, writing = false;  // awaited
  };

  void open() {
    changed_ = changed_at();
    ares_options options{};
    options.timeout = first_try_ms;
    options.tries = tries;
    options.domains = nullptr;  // a name is what the administrator wrote, nothing is appended
    options.ndomains = 0;
    std::string hosts_then_dns = "fb";
    options.lookups = hosts_then_dns.data();
    options.sock_state_cb = on_socket;
    options.sock_state_cb_data = this;
    int mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_DOMAINS | ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB;
#ifdef ARES_OPT_QUERY_CACHE
    options.qcache_max_ttl = 0;  // names::Memory remembers
    mask |= ARES_OPT_QUERY_CACHE;
#endif
    if (const int status = ares_init_options(&channel_, &options, mask); status != ARES_SUCCESS)
      throw std::runtime_error(std::string{"c-ares doesn't start: "} + ares_strerror(status));
    std::string list;
    for (const Endpoint& server : servers_) list += (list.empty() ? "" : ",") + to_string(server);
    if (list.empty() || ares_set_servers_ports_csv(channel_, list.c_str()) == ARES_SUCCESS) return;
    ares_destroy(channel_);
    throw std::runtime_error("c-ares doesn't take the DNS servers " + list);
  }
  void close() {
    ares_destroy(channel_);
    sockets_.clear();
    timer_.cancel();
  }

  static void on_message(void* data, int status, int, unsigned char* message, int size) {
    const std::unique_ptr<Asked> asked{static_cast<Asked*>(data)};
    if (status == ARES_SUCCESS)
      finish(*asked, names::read_answer(asked->question, {message, static_cast<std::size_t>(size)}));
    else
      finish_without(*asked, status);
  }
  static void on_addresses(void* data, int status, int, ares_addrinfo* found) {
    const std::unique_ptr<Asked> asked{static_cast<Asked*>(data)};
    const std::unique_ptr<ares_addrinfo, void (*)(ares_addrinfo*)> owner{found, ares_freeaddrinfo};
    if (status == ARES_SUCCESS && found)
      finish(*asked, addresses_in(*found));
    else
      finish_without(*asked, status);
  }
  static void finish_without(Asked& asked, int status) {
    if (status == ARES_EDESTRUCTION) return;
    finish(asked, status == ARES_ENODATA ? nothing_of(asked.question.type) : Answer{fault_of(status)});
  }
  // c-ares calls from inside of what was asked of it, too.
  static void finish(Asked& asked, Answer answer) {
    const auto self = asked.channel.lock();
    if (!self) return;
    asio::post(self->io_, [weak = asked.channel, answered = std::move(asked.answered), answer = std::move(answer)] {
      if (weak.lock()) answered(answer);
    });
  }

  static void on_socket(void* data, ares_socket_t fd, int read, int write) {
    static_cast<Impl*>(data)->watch(fd, read != 0, write != 0);
  }
  void watch(int fd, bool read, bool write) {
    if (!read && !write) {
      sockets_.erase(fd);
      return;
    }
    auto& socket = sockets_[fd];
    if (!socket) socket = std::make_shared<Socket>(io_, fd);
    socket->read = read;
    socket->write = write;
    wait(socket);
  }
  void wait(const std::shared_ptr<Socket>& socket) {
    using Wait = asio::posix::stream_descriptor;
    if (socket->read && !socket->reading) wait_for(socket, Wait::wait_read, &Socket::reading);
    if (socket->write && !socket->writing) wait_for(socket, Wait::wait_write, &Socket::writing);
  }
  void wait_for(const std::shared_ptr<Socket>& socket, asio::posix::stream_descriptor::wait_type what,
                bool Socket::*awaited) {
    (*socket).*awaited = true;
    socket->descriptor.async_wait(what, [weak = weak_from_this(), watched = std::weak_ptr{socket}, what,
                                         awaited](boost::system::error_code error) {
      const auto self = weak.lock();
      auto open = watched.lock();
      if (!self || !open || error) return;
      (*open).*awaited = false;
      const int fd = open->descriptor.native_handle();
      open.reset();  // c-ares may be done with it
      const bool reads = what == asio::posix::stream_descriptor::wait_read;
      ares_process_fd(self->channel_, reads ? fd : ARES_SOCKET_BAD, reads ? ARES_SOCKET_BAD : fd);
      if (const auto still = watched.lock()) self->wait(still);
      self->arm_timer();
    });
  }
  void arm_timer() {
    timeval left{};
    if (!ares_timeout(channel_, nullptr, &left)) {
      timer_.cancel();
      return;
    }
    timer_.expires_after(std::chrono::seconds{left.tv_sec} + std::chrono::microseconds{left.tv_usec});
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
      const auto self = weak.lock();
      if (!self || error) return;
      ares_process_fd(self->channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
      self->arm_timer();
    });
  }

  asio::io_context& io_;
  asio::steady_timer timer_;
  std::vector<Endpoint> servers_;
  std::filesystem::file_time_type changed_;
  ares_channel channel_ = nullptr;
  std::map<int, std::shared_ptr<Socket>> sockets_;
};

Channel::Channel(asio::io_context& io, std::vector<Endpoint> servers)
    : impl_(std::make_shared<Impl>(io, std::move(servers))) {}
Channel::~Channel() = default;
void Channel::ask(const names::Question& question, Answered answered) { impl_->ask(question, std::move(answered)); }
void Channel::refresh() { impl_->refresh(); }

}  // namespace roamdesk::dns
