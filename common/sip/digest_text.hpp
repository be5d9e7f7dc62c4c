#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/sip/digest.hpp"

// What both sides of digest authentication share.
namespace roamdesk::sip {

// The named values of a `Digest a=b, c="d"` header, unquoted; names compare without case.
class DigestFields {
 public:
  // nullopt where the scheme isn't Digest, a quote doesn't end, or a field stands twice.
  static std::optional<DigestFields> parse(std::string_view value);
  std::optional<std::string_view> find(std::string_view name) const;

 private:
  Params fields_;
};

std::optional<DigestAlgorithm> digest_algorithm(std::optional<std::string_view> name);  // nullopt (none named): MD5
std::string_view name_of(DigestAlgorithm algorithm);

// RFC 7616 §3.4.1 with qop=auth; with an empty `cnonce` RFC 2069's form, for phones that offer no qop.
struct DigestInput {
  DigestAlgorithm algorithm{};
  std::string_view user, realm, password, nonce, cnonce, method, uri;
  std::string_view nc;  // as it is on the wire
};
std::string digest_response(const DigestInput& input);

}  // namespace roamdesk::sip
