#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "common/base/result.hpp"
#include "common/http/event_stream.hpp"
#include "common/http/message.hpp"

namespace roamdesk::http {

// PEM files; read when they are given.
struct TlsFiles {
  std::filesystem::path certificate;  // with its chain
  std::filesystem::path key;
};

struct Limits {
  std::size_t body = 1 << 20;               // bytes; more is 413
  std::size_t strangers_bodies = 16 << 20;  // bytes that all strangers' incomplete requests hold; beyond it is 503
  std::size_t header = 16 << 10;            // bytes, request line included; more is 431
  std::size_t connections = 1024;           // in all; beyond, the address with most gives way to a newcomer
  std::size_t connections_reserved = 256;  // of these, for loopback, proxies, and addresses of phones and users of ours
  std::size_t connections_per_peer = 16;   // per IP address of a stranger; beyond, its oldest gives way
  std::size_t connections_per_known_peer = 128;
  std::chrono::milliseconds header_timeout{
      10'000};  // from the first byte wanted to the header's end, TLS handshake alike
  std::chrono::milliseconds body_timeout{30'000};
  std::chrono::milliseconds idle_timeout{60'000};  // between requests
  std::chrono::milliseconds write_timeout{30'000};
  std::chrono::milliseconds handler_timeout{60'000};  // no answer until then: 503
};

// Looks at a request before its body is read: an answer, after which the connection is closed, or nullopt.
using Gate = std::function<std::optional<Response>(const Request& head)>;

// An HTTP/1.1 server with a thread of its own. Its functions may be called from any thread.
class Server {
 public:
  // `proxies` are addresses that stand for many.
  explicit Server(Limits limits = {}, std::vector<IpAddress> proxies = {});
  ~Server();  // stop(), without grace
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Opens a listener (port 0: any) and gives the address that it has. What arrives there goes to `handler`; `gate` may
  // be empty.
  Result<Endpoint> listen(Endpoint address, std::optional<TlsFiles> tls, Handler handler, Gate gate = {});
  // All TLS listeners present this one from now on; connections that are up keep theirs. On an error the old one stays.
  Result<void> use_certificate(TlsFiles files);
  // Closes the listeners, lets requests that are under way end within `grace`, ends event streams, joins the thread.
  void stop(std::chrono::milliseconds grace);

  // Connections that gave their place to a newcomer, or found none, since the start.
  std::uint64_t crowded_out() const;

  // Runs `task` on the server's thread, in order.
  void post(std::function<void()> task);
  // Runs `task` on the server's thread after `delay`; forgotten at stop().
  void post_after(std::chrono::milliseconds delay, std::function<void()> task);

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace roamdesk::http
