#include "common/http/response_head.hpp"

#include <fmt/format.h>

namespace roamdesk::http {
namespace {
void append(std::string& out, const Field& field) {
  out += field.name;
  out += ": ";
  // A line break would be a field of its own (RFC 9110 §5.5).
  for (const char c : field.value) out += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
  out += "\r\n";
}
}  // namespace

std::string response_head(const Response& response, unsigned version, bool keep_alive) {
  std::string out = fmt::format("HTTP/1.{} {} {}\r\nServer: Roamdesk\r\n", version >= 11 ? 1 : 0, response.status,
                                reason_phrase(response.status));
  for (const Field& field : response.fields) append(out, field);
  if (version >= 11 && !keep_alive) out += "Connection: close\r\n";
  if (version < 11 && keep_alive) out += "Connection: keep-alive\r\n";
  if (response.status != 204 && response.status != 304)
    out += fmt::format("Content-Length: {}\r\n", response.long_body ? response.long_body->bytes : response.body.size());
  out += "\r\n";
  return out;
}

std::string event_stream_head(const Response& response) {
  std::string out =
      "HTTP/1.1 200 OK\r\nServer: Roamdesk\r\nContent-Type: text/event-stream\r\n"
      "Cache-Control: no-store\r\nConnection: close\r\n";
  for (const Field& field : response.fields) append(out, field);
  out += "\r\n";
  return out;
}

}  // namespace roamdesk::http
