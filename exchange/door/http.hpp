#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"

namespace roamdesk::door {

// A request for a phone's file, in the same form from the core's own networks and from a branch.
struct HttpRequest {
  SiteId site;
  Endpoint face, peer;
  std::string method = "GET";  // GET or HEAD; anything else: 405
  std::string path;            // as sent, percent-escapes untouched; a query is ignored
  std::string user_agent;
  bool tls = false;
};

// Bytes that lie on the core's disk, by their SHA-256 (64 hexadecimal characters).
struct Content {
  std::string sha256;
  std::uint64_t bytes = 0;
  friend bool operator==(const Content&, const Content&) = default;
};

struct HttpAnswer {
  std::uint16_t status = 404;
  std::string content_type;  // "" where there is no body
  std::string body;
  // Set: the body is this, and the door gets it from the disk; or a range of it, where one was asked for.
  std::optional<Content> content{};
  friend bool operator==(const HttpAnswer&, const HttpAnswer&) = default;
};

// Called once, on the signalling thread, at once or later; does nothing where the client has gone.
using HttpReply = std::function<void(HttpAnswer)>;

}  // namespace roamdesk::door
