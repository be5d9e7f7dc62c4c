#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace roamdesk::sip {

// A `;name=value` list in its order; names compare case-insensitively (RFC 3261 §7.3.1).
class Params {
 public:
  struct Param {
    std::string name;
    std::optional<std::string> value;  // as on the wire, quotes included
    friend bool operator==(const Param&, const Param&) = default;
  };
  // The value; "" for a parameter that stands without one; nullopt where it isn't there.
  std::optional<std::string_view> find(std::string_view name) const;
  bool has(std::string_view name) const { return find(name).has_value(); }
  void set(std::string_view name, std::optional<std::string> value = std::nullopt);
  void remove(std::string_view name);
  const std::vector<Param>& all() const { return params_; }
  friend bool operator==(const Params&, const Params&) = default;

 private:
  std::vector<Param> params_;
};

// sip:, sips: and (kept as text in `user`) tel: URIs.
struct Uri {
  std::string scheme = "sip";
  std::string user;  // still escaped, as on the wire
  std::string password;
  std::string host;
  std::uint16_t port = 0;  // 0: none given
  Params params;
  std::string headers;  // behind '?', without it
  friend bool operator==(const Uri&, const Uri&) = default;
};

struct NameAddr {
  std::string display;  // without quotes and escapes
  Uri uri;
  Params params;       // header parameters: tag, expires, q, …
  std::string unread;  // of a From or To without a URI that can be read: what stands in its place, to be echoed
  std::string tag() const { return std::string{params.find("tag").value_or("")}; }
  friend bool operator==(const NameAddr&, const NameAddr&) = default;
};

struct Via {
  std::string transport = "UDP";
  std::string host;
  std::uint16_t port = 0;
  Params params;
  std::string unread;  // the whole value where it can't be read, to be echoed in a 400
  std::string branch() const { return std::string{params.find("branch").value_or("")}; }
  friend bool operator==(const Via&, const Via&) = default;
};

struct CSeq {
  std::uint32_t number = 0;
  std::string method;
  std::string unread;  // likewise
  friend bool operator==(const CSeq&, const CSeq&) = default;
};

struct Header {
  std::string name;  // canonical spelling for known headers (`Event`, not `o`)
  std::string value;
  friend bool operator==(const Header&, const Header&) = default;
};

// One SIP message, owned, checked once by parse(). What routing needs is typed; all other headers stand in `headers`
// in their order, compact forms spelled out, folded lines joined.
struct Message {
  // Request line (status == 0) or status line.
  std::string method;
  Uri request_uri;
  int status = 0;
  std::string reason;

  std::vector<Via> via;  // topmost first
  NameAddr from, to;
  std::string call_id;
  CSeq cseq;
  std::vector<NameAddr> contact;
  bool contact_star = false;  // "Contact: *"
  std::vector<NameAddr> route, record_route;
  std::optional<int> max_forwards;
  std::optional<std::uint32_t> expires;  // seconds
  std::string content_type;              // media type and parameters, as on the wire
  std::vector<Header> headers;
  std::string body;

  bool is_request() const { return status == 0; }
  // First value of a header kept in `headers`, case-insensitively.
  std::optional<std::string_view> header(std::string_view name) const;
  std::vector<std::string_view> headers_named(std::string_view name) const;
  void set_header(std::string_view name, std::string value);  // replaces all of that name
  void add_header(std::string_view name, std::string value);
  void remove_header(std::string_view name);
  // True where a comma-separated list header (Supported, Require, Allow, Accept, …) holds `token`.
  bool lists(std::string_view header_name, std::string_view token) const;
  friend bool operator==(const Message&, const Message&) = default;
};

std::string to_string(const Uri& uri);
std::string to_string(const NameAddr& address);  // always with <>
std::string to_string(const Via& via);
// The message as it goes on the wire; Content-Length is computed.
std::string serialise(const Message& message);

// nullopt where the text isn't one.
std::optional<Uri> parse_uri(std::string_view text);
std::optional<NameAddr> parse_name_addr(std::string_view text);

// RFC 3261 §19.1.4, to the letter: a port, or one of the parameters named there, that only one of them has makes them
// different, even where it is the default.
bool equivalent(const Uri& a, const Uri& b);
// "%2A77*" -> "*77*"; what can't be unescaped stays.
std::string unescape(std::string_view text);

// A response to `request` with Via, From, To, Call-ID, CSeq (and, for 1xx/2xx to INVITE, Record-Route) copied, RFC 3261
// §8.2.6. The To tag is added where the request has none and `to_tag` isn't empty.
Message make_response(const Message& request, int status, std::string_view reason, std::string_view to_tag);
// The RFC's reason phrase, e.g. 486 -> "Busy Here".
std::string_view default_reason(int status);

}  // namespace roamdesk::sip
