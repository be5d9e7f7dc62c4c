#include "common/http/provisioning.hpp"

#include <charconv>
#include <system_error>

namespace roamdesk::http {
namespace {

constexpr std::size_t longest_length = 3;  // digits: a body of up to 999 bytes is read and forgotten

Response bare(unsigned status) {
  Response response;
  response.status = status;
  return response;
}

std::optional<std::size_t> size_of(std::string_view digits) {
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return size;
}

}  // namespace

bool is_below(std::string_view target, std::string_view folder) {
  const std::string_view path = target.substr(0, target.find('?'));
  return path == folder || (path.starts_with(folder) && path[folder.size()] == '/');
}

std::optional<Response> provisioning_refusal(const Request& request) {
  if (!is_below(request.target, "/provision") || request.method == "GET" || request.method == "HEAD")
    return std::nullopt;
  if (request.method == "PUT") return bare(204);
  auto response = bare(405);
  response.fields.push_back({"Allow", "GET, HEAD, PUT"});
  return response;
}

std::optional<Response> provisioning_gate(const Request& head) {
  if (!is_below(head.target, "/provision")) return std::nullopt;
  const auto length = head.field("Content-Length");
  if (auto refusal = provisioning_refusal(head)) {
    if (head.method != "PUT") return refusal;
    if (!length) return bare(411);
    const auto size = size_of(*length);
    if (!size || *size > longest_log) return bare(413);
    // One that waits to be told so needn't send it at all.
    if (!head.field("Expect")) refusal->body_to_drop = *size;
    return refusal;
  }
  if (length && length->size() <= longest_length) return std::nullopt;
  return bare(413);
}

bool is_for_anybody(std::string_view target) { return target == "/provision/ca.pem"; }

}  // namespace roamdesk::http
