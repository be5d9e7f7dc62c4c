#include "sbc/status.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <cstring>
#include <ctime>
#include <stdexcept>

namespace roamdesk::sbc {

namespace asio = boost::asio;
using asio::local::stream_protocol;

namespace {

std::string time_text(std::int64_t seconds) {
  if (seconds == 0) return "never";
  const std::time_t time = seconds;
  std::tm utc{};
  gmtime_r(&time, &utc);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text.data();
}

}  // namespace

std::string to_text(const Status& s) {
  std::string out = fmt::format("connected: {}\n", s.connected ? "yes" : "no");
  out += fmt::format("name: {}\ncore: {}\nsince: {}\n", s.name.empty() ? "(not enrolled)" : s.name,
                     s.core.empty() ? "(none)" : s.core, time_text(s.since));
  out += fmt::format("package: {}\n", s.package.empty() ? "(none)" : s.package);
  if (!s.connected && !s.trouble.empty()) out += fmt::format("trouble: {}\n", s.trouble);
  out += s.rtt_ms > 0 ? fmt::format("rtt_ms: {:.1f}\n", s.rtt_ms) : std::string{"rtt_ms: unknown\n"};
  out += fmt::format("loss: {:.2f} %\nmedia: {}\n", s.loss * 100, s.udp ? "udp" : "stream");
  out += fmt::format("media_loop: {}\n", s.media_loop);
  out += fmt::format("phones: {}\nflows: {}\nstreams: {}\nlan: {}\n", s.phones, s.flows, s.streams,
                     fmt::join(s.lans, ", "));
  out += fmt::format("log_level: {}\nsip_dscp: {}\nrtp_dscp: {}\n", s.log_level, s.sip_dscp, s.rtp_dscp);
  out += fmt::format("sip: passed {}, dropped {}, answered 503 {}\n", s.sip_passed, s.sip_dropped, s.sip_unavailable);
  out += fmt::format("strangers: dropped {}, keepalives {}, connections refused {}, flows gave way {} ({} proven)\n",
                     s.sip_newcomers_dropped, s.sip_keepalives, s.connections_refused, s.flows_gave_way,
                     s.proven_flows_gave_way);
  out += fmt::format("provisioning: relayed {}, refused {}\n", s.provisioning_relayed, s.provisioning_refused);
  return out;
}

std::filesystem::path status_socket(const std::filesystem::path& state_dir) { return state_dir / "status.sock"; }

class StatusServer::Impl : public std::enable_shared_from_this<StatusServer::Impl> {
 public:
  Impl(asio::io_context& io, std::filesystem::path path, std::function<Status()> status)
      : acceptor_(io), path_(std::move(path)), status_(std::move(status)) {}

  void open() {
    if (ask_status(path_)) throw std::runtime_error("another sbc runs with " + path_.parent_path().string());
    std::error_code ignored;
    std::filesystem::create_directories(path_.parent_path(), ignored);
    std::filesystem::remove(path_, ignored);
    boost::system::error_code error;
    acceptor_.open(stream_protocol{}, error);
    const auto mask = ::umask(0177);
    if (!error) acceptor_.bind(stream_protocol::endpoint{path_.string()}, error);
    ::umask(mask);
    if (!error) acceptor_.listen(8, error);
    if (error) throw std::runtime_error(path_.string() + " can't be made: " + error.message());
    accept();
  }

  void close() {
    boost::system::error_code ignored;
    if (!acceptor_.is_open()) return;
    acceptor_.close(ignored);
    std::error_code ignored_too;
    std::filesystem::remove(path_, ignored_too);
    status_ = nullptr;
  }

 private:
  void accept() {
    acceptor_.async_accept(
        [self = shared_from_this()](boost::system::error_code error, stream_protocol::socket socket) {
          if (error || !self->acceptor_.is_open()) return;
          auto open = std::make_shared<stream_protocol::socket>(std::move(socket));
          auto text = std::make_shared<std::string>(to_text(self->status_()));
          asio::async_write(*open, asio::buffer(*text), [open, text](boost::system::error_code, std::size_t) {});
          self->accept();
        });
  }
  stream_protocol::acceptor acceptor_;
  std::filesystem::path path_;
  std::function<Status()> status_;
};

StatusServer::StatusServer(asio::io_context& io, const std::filesystem::path& socket, std::function<Status()> status)
    : impl_(std::make_shared<Impl>(io, socket, std::move(status))) {
  impl_->open();
}
StatusServer::~StatusServer() { impl_->close(); }

std::optional<std::string> ask_status(const std::filesystem::path& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = socket.string();
  if (path.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return std::nullopt;
  const timeval patience{5, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  std::string text;
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    std::array<char, 4096> buffer{};
    for (ssize_t n = 0; (n = ::read(fd, buffer.data(), buffer.size())) > 0 && text.size() < 65536;)
      text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  ::close(fd);
  return text.empty() ? std::nullopt : std::optional{text};
}

}  // namespace roamdesk::sbc
