#include "common/http/provisioning.hpp"

namespace roamdesk::http {
namespace {

constexpr std::size_t longest_length = 3;  // digits: a body of up to 999 bytes is read and forgotten

}  // namespace

bool is_below(std::string_view target, std::string_view folder) {
  const std::string_view path = target.substr(0, target.find('?'));
  return path == folder || (path.starts_with(folder) && path[folder.size()] == '/');
}

std::optional<Response> provisioning_refusal(const Request& request) {
  if (!is_below(request.target, "/provision") || request.method == "GET" || request.method == "HEAD")
    return std::nullopt;
  Response response;
  response.status = 405;
  response.fields.push_back({"Allow", "GET, HEAD"});
  return response;
}

std::optional<Response> provisioning_gate(const Request& head) {
  if (auto refusal = provisioning_refusal(head)) return refusal;
  if (!is_below(head.target, "/provision")) return std::nullopt;
  const auto length = head.field("Content-Length");
  if (length && length->size() <= longest_length) return std::nullopt;
  Response response;
  response.status = 413;
  return response;
}

bool is_for_anybody(std::string_view target) { return target == "/provision/ca.pem"; }

}  // namespace roamdesk::http
