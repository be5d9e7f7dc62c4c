#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "common/base/endpoint.hpp"

// A small blocking HTTP client for tests; it shares no code with our server, and can say what no proper client would.
namespace roamdesk::test {

struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> fields;  // names in lower case
  std::string body;
};

class HttpClient {
 public:
  // `source`: the local address to speak from (127.0.0.2 is another peer). Waits 10 s at most for anything.
  explicit HttpClient(Endpoint server, bool tls = false, Endpoint source = {}) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (!source.address.is_unspecified()) {
      const sockaddr_in from = address(source);
      if (::bind(fd_, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0) throw std::runtime_error("bind");
    }
    const sockaddr_in to = address(server);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) throw std::runtime_error("connect");
    if (!tls) return;
    context_ = SSL_CTX_new(TLS_client_method());
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, fd_);
    if (SSL_connect(ssl_) != 1) throw std::runtime_error("TLS handshake");
  }
  ~HttpClient() {
    if (ssl_) SSL_free(ssl_);
    if (context_) SSL_CTX_free(context_);
    ::close(fd_);
  }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // The server's, over TLS; the caller frees it.
  X509* peer_certificate() const { return SSL_get1_peer_certificate(ssl_); }

  void send(std::string_view text) {
    while (!text.empty()) {
      const auto n = ssl_ ? SSL_write(ssl_, text.data(), static_cast<int>(text.size()))
                          : ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (n <= 0) return;  // the answer, or its absence, tells
      text.remove_prefix(static_cast<std::size_t>(n));
    }
  }

  // Until `mark` has come; what came up to and with it. Empty at the end of the connection.
  std::string read_until(std::string_view mark) {
    for (;;) {
      if (const std::size_t at = buffer_.find(mark); at != std::string::npos) {
        std::string text = buffer_.substr(0, at + mark.size());
        buffer_.erase(0, text.size());
        return text;
      }
      if (!read_more()) return {};
    }
  }

  // nullopt at the end of the connection.
  std::optional<HttpAnswer> read_answer(bool head = false) {
    HttpAnswer answer;
    const std::string text = read_until("\r\n\r\n");
    if (text.empty()) return std::nullopt;
    answer.status = std::atoi(text.c_str() + 9);
    std::size_t at = text.find("\r\n") + 2;
    while (at + 2 < text.size()) {
      const std::size_t end = text.find("\r\n", at), colon = text.find(':', at);
      std::string name = text.substr(at, colon - at);
      for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      answer.fields[name] = text.substr(colon + 2, end - colon - 2);
      at = end + 2;
    }
    if (head || answer.fields.count("content-length") == 0) return answer;
    const auto size = static_cast<std::size_t>(std::atol(answer.fields["content-length"].c_str()));
    while (buffer_.size() < size)
      if (!read_more()) return std::nullopt;
    answer.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return answer;
  }

  std::optional<HttpAnswer> call(const std::string& method, const std::string& target, const std::string& body = {},
                                 const std::string& fields = {}) {
    std::string text = method + " " + target + " HTTP/1.1\r\nHost: test\r\n" + fields;
    if (!body.empty()) text += "Content-Type: application/json\r\n";
    if (!body.empty() || method != "GET") text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    send(text + "\r\n" + body);
    return read_answer(method == "HEAD");
  }

  bool closed() { return read_until("\x01never").empty() && at_end_; }

 private:
  static sockaddr_in address(const Endpoint& e) {
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_port = htons(e.port);
    a.sin_addr.s_addr = htonl(e.address.v4());
    return a;
  }

  bool read_more() {
    char piece[16384];
    if (!ssl_ || SSL_pending(ssl_) == 0) {
      pollfd ready{fd_, POLLIN, 0};
      if (::poll(&ready, 1, 10'000) != 1) return false;
    }
    const auto n = ssl_ ? SSL_read(ssl_, piece, sizeof piece) : ::recv(fd_, piece, sizeof piece, 0);
    if (n <= 0) {
      at_end_ = true;
      return false;
    }
    buffer_.append(piece, static_cast<std::size_t>(n));
    return true;
  }

  int fd_ = -1;
  SSL_CTX* context_ = nullptr;
  SSL* ssl_ = nullptr;
  std::string buffer_;
  bool at_end_ = false;
};

}  // namespace roamdesk::test
