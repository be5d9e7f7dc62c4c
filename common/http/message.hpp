#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/http/body_source.hpp"

// HTTP requests and responses as values; no Beast in here (its TUs take 15 s each).
namespace roamdesk::http {

class EventStream;

struct Field {
  std::string name;
  std::string value;
};

struct Request {
  std::string method;  // as sent: "GET"
  std::string target;  // path and query, percent-escapes untouched; an absolute form as sent has become this
  std::vector<Field> fields;
  std::string body;
  Endpoint peer;   // the client's address
  Endpoint local;  // where it reached us: the face
  bool tls = false;

  // The target's path, percent-decoded; empty where an escape is broken, or decodes to NUL.
  std::string path() const;
  // A query parameter, decoded; nullopt where it isn't there.
  std::optional<std::string> query(std::string_view name) const;
  // The first field of this name, any case; nullopt where there is none.
  std::optional<std::string_view> field(std::string_view name) const;
  // A cookie's value; nullopt where there is none.
  std::optional<std::string_view> cookie(std::string_view name) const;
};

struct Response {
  unsigned status = 200;
  std::vector<Field> fields;  // Content-Length, Connection, Date and Server are the server's business
  std::string body;
  // In place of `body`.
  std::optional<LongBody> long_body{};
  // The client has shown that it is one of ours: its address has connections that strangers can't take.
  bool vouches_for_peer = false;
  // Of a gate's answer: bytes of the request's body that are read, and kept by nobody, before it is given.
  std::size_t body_to_drop = 0;
  // Set: the body is text/event-stream without an end; the server calls this once the header is out, on its thread.
  std::function<void(EventStream)> stream;
};

// Answers one request. Any thread may call it, once; a second call does nothing. Where it is destroyed uncalled the
// client gets 500.
using Respond = std::function<void(Response)>;
// Called on the server's thread; must not block.
using Handler = std::function<void(Request, Respond)>;

// "%41b" -> "Ab"; nullopt where an escape is broken or gives NUL. '+' stays as it is.
std::optional<std::string> percent_decode(std::string_view text);
std::string_view reason_phrase(unsigned status);

}  // namespace roamdesk::http
