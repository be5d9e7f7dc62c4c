#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "common/http/message.hpp"

namespace roamdesk::http {

// Reads requests from a connection's bytes, one after another (HTTP/1.1, pipelined or not). No sockets in here.
class RequestReader {
 public:
  enum class State {
    idle,         // no byte of a request is here
    header,       // more of the header is wanted
    headed,       // the header is here (see head()), and a body follows; next() goes on
    wants_go_on,  // the header is here, and the client waits for 100 (Continue); next() goes on to the body
    body,         // more of the body is wanted
    complete,     // take() it
    refused,      // not a request that we take; see refusal(). The connection has to end
  };
  struct Taken {
    Request request;  // peer, local and tls are the connection's to fill in
    bool keep_alive = false;
    bool head = false;
    unsigned version = 11;
  };

  // In bytes.
  RequestReader(std::size_t header_limit, std::size_t body_limit);
  ~RequestReader();

  // Takes the bytes that have arrived. Those behind the end of one request wait for the next.
  State feed(std::string_view bytes);
  // Goes on with the bytes that are here: after wants_go_on, and after take().
  State next();
  // In state headed: the request without its body.
  const Request& head() const { return head_; }
  // 400 malformed, 413 body too large, 431 header too large, 501 a transfer coding that we don't have.
  unsigned refusal() const { return refusal_; }
  // Bytes that have come behind the header; for state headed.
  std::size_t unread() const { return waiting_.size(); }
  // Bytes of the body that have come and aren't taken yet.
  std::size_t held() const;
  // In state complete, once.
  Taken take();

 private:
  struct Parser;
  State refuse(unsigned status);
  void skip_empty_lines();
  State take_head();

  const std::size_t header_limit_, body_limit_;
  std::string waiting_;  // bounded by header_limit_, and by the size of one read
  std::unique_ptr<Parser> parser_;
  Request head_;  // of the request under way, once its header is here
  bool has_head_ = false, told_to_go_on_ = false;
  std::size_t empty_lines_ = 0;
  unsigned refusal_ = 0;
};

}  // namespace roamdesk::http
