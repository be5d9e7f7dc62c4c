#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// SIP as a phone of another maker reads and writes it: lines of text. It shares nothing with common/sip.
namespace roamdesk::sim {

struct SipText {
  std::string start;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  static SipText read(std::string_view bytes);
  std::string write() const;  // with its Content-Length

  bool is_request() const { return !start.starts_with("SIP/2.0 "); }
  int status() const;          // of a response
  std::string method() const;  // of a request, or a response's CSeq
  std::string uri_user() const;
  std::string header(std::string_view name) const;  // the first; "" where there is none
  std::vector<std::string> all(std::string_view name) const;
  void add(std::string name, std::string value) { headers.emplace_back(std::move(name), std::move(value)); }
};

std::string lower(std::string_view text);
// The parameter of a header: `tag`, `branch`, `expires`.
std::string parameter(std::string_view header, std::string_view name);
// What stands in <…>, or the whole without parameters.
std::string uri_of(std::string_view header);
std::string user_of(std::string_view uri_or_header);

// The Authorization header's value for a challenge (RFC 2617 with MD5 and qop=auth).
struct Challenge {
  std::string realm, nonce;
};
Challenge read_challenge(std::string_view header);
std::string answer(const Challenge& challenge, const std::string& user, const std::string& password,
                   const std::string& method, const std::string& uri, unsigned count);

}  // namespace roamdesk::sim
