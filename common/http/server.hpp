#pragma once
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

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
  std::size_t body = 1 << 20;             // bytes; more is 413
  std::size_t header = 16 << 10;          // bytes, request line included; more is 431
  std::size_t connections = 1024;         // in all
  std::size_t connections_per_peer = 64;  // per IP address; loopback isn't limited by it
  std::chrono::milliseconds header_timeout{
      10'000};  // from the first byte wanted to the header's end, TLS handshake alike
  std::chrono::milliseconds body_timeout{30'000};
  std::chrono::milliseconds idle_timeout{60'000};  // between requests
  std::chrono::milliseconds write_timeout{30'000};
  std::chrono::milliseconds handler_timeout{60'000};  // no answer until then: 503
};

// An HTTP/1.1 server with a thread of its own. Its functions may be called from any thread.
class Server {
 public:
  explicit Server(Limits limits = {});
  ~Server();  // stop(), without grace
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Opens a listener (port 0: any) and gives the address that it has. What arrives there goes to `handler`.
  Result<Endpoint> listen(Endpoint address, std::optional<TlsFiles> tls, Handler handler);
  // All TLS listeners present this one from now on; connections that are up keep theirs. On an error the old one stays.
  Result<void> use_certificate(TlsFiles files);
  // Closes the listeners, lets requests that are under way end within `grace`, ends event streams, joins the thread.
  void stop(std::chrono::milliseconds grace);

  // Runs `task` on the server's thread, in order.
  void post(std::function<void()> task);
  // Runs `task` on the server's thread after `delay`; forgotten at stop().
  void post_after(std::chrono::milliseconds delay, std::function<void()> task);

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace roamdesk::http
