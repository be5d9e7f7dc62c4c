#include <fmt/format.h>

#include "common/sip/message.hpp"
#include "common/sip/text.hpp"

namespace roamdesk::sip {
namespace {

void append(std::string& out, const Params& params) {
  for (const auto& param : params.all()) {
    out += ';';
    out += param.name;
    if (param.value) {
      out += '=';
      out += *param.value;
    }
  }
}

void append(std::string& out, const Uri& uri) {
  out += uri.scheme;
  out += ':';
  if (!uri.user.empty()) {
    out += uri.user;
    if (!uri.password.empty()) {
      out += ':';
      out += uri.password;
    }
    if (!uri.host.empty()) out += '@';
  }
  out += uri.host;
  if (uri.port != 0) {
    out += ':';
    out += fmt::format_int(uri.port).c_str();
  }
  append(out, uri.params);
  if (!uri.headers.empty()) {
    out += '?';
    out += uri.headers;
  }
}

void append(std::string& out, const NameAddr& address) {
  if (!address.unread.empty()) {
    out += address.unread;
    return append(out, address.params);
  }
  if (!address.display.empty()) {
    out += '"';
    for (const char c : address.display) {
      if (c == '"' || c == '\\') out += '\\';
      // No control character is passed on, in any party's name.
      out += is_control(c) ? ' ' : c;
    }
    out += "\" ";
  }
  out += '<';
  append(out, address.uri);
  out += '>';
  append(out, address.params);
}

void append(std::string& out, const Via& via) {
  if (!via.unread.empty()) {
    out += via.unread;
    return;
  }
  out += "SIP/2.0/";
  out += via.transport;
  out += ' ';
  out += via.host;
  if (via.port != 0) {
    out += ':';
    out += fmt::format_int(via.port).c_str();
  }
  append(out, via.params);
}

void append(std::string& out, const CSeq& cseq) {
  if (!cseq.unread.empty()) {
    out += cseq.unread;
    return;
  }
  out += fmt::format_int(cseq.number).c_str();
  out += ' ';
  out += cseq.method;
}

template <class T>
void line(std::string& out, std::string_view name, const T& value) {
  out += name;
  out += ": ";
  append(out, value);
  out += "\r\n";
}

void text_line(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  out += value;
  out += "\r\n";
}

}  // namespace

std::string to_string(const Uri& uri) {
  std::string out;
  append(out, uri);
  return out;
}

std::string to_string(const NameAddr& address) {
  std::string out;
  append(out, address);
  return out;
}

std::string to_string(const Via& via) {
  std::string out;
  append(out, via);
  return out;
}

std::string serialise(const Message& message) {
  std::string out;
  out.reserve(768 + message.body.size() + 64 * message.headers.size());
  if (message.is_request()) {
    out += message.method;
    out += ' ';
    append(out, message.request_uri);
    out += " SIP/2.0\r\n";
  } else {
    out += "SIP/2.0 ";
    out += fmt::format_int(message.status).c_str();
    out += ' ';
    out += message.reason;
    out += "\r\n";
  }
  for (const auto& via : message.via) line(out, "Via", via);
  for (const auto& route : message.record_route) line(out, "Record-Route", route);
  for (const auto& route : message.route) line(out, "Route", route);
  if (message.max_forwards) text_line(out, "Max-Forwards", fmt::format_int(*message.max_forwards).c_str());
  line(out, "From", message.from);
  line(out, "To", message.to);
  text_line(out, "Call-ID", message.call_id);
  line(out, "CSeq", message.cseq);
  if (message.contact_star) text_line(out, "Contact", "*");
  for (const auto& contact : message.contact) line(out, "Contact", contact);
  if (message.expires) text_line(out, "Expires", fmt::format_int(*message.expires).c_str());
  for (const auto& header : message.headers) text_line(out, header.name, header.value);
  if (!message.content_type.empty()) text_line(out, "Content-Type", message.content_type);
  text_line(out, "Content-Length", fmt::format_int(message.body.size()).c_str());
  out += "\r\n";
  out += message.body;
  return out;
}

}  // namespace roamdesk::sip
