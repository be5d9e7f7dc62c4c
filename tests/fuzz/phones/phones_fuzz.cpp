#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/phones/model.hpp"
#include "common/phones/pnp.hpp"
#include "common/phones/user_agent.hpp"

// What a stranger on the phones' LAN can send us before it has authenticated: User-Agents and PnP SUBSCRIBEs.
// The input is cut at newlines into User-Agent, user part and Event.
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_printable(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) return false;
  return true;
}

std::string_view cut(std::string_view& text) {
  const auto end = text.find('\n');
  const auto part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace roamdesk;
  std::string_view rest{reinterpret_cast<const char*>(data), size};
  const auto agent = cut(rest), user = cut(rest), event = cut(rest);

  if (const auto read = phones::parse_user_agent(agent)) {
    require(is_printable(read->model) && is_printable(read->firmware));
    require(read->model.size() <= 256);
    require(phones::compare_versions(read->firmware, read->firmware) == 0);
  }
  require(phones::compare_versions(user, event) == -phones::compare_versions(event, user));

  sip::Message subscribe;
  subscribe.method = "SUBSCRIBE";
  subscribe.request_uri.user = std::string{user};
  subscribe.request_uri.host = "224.0.1.75";
  subscribe.from.uri = subscribe.to.uri = subscribe.request_uri;
  subscribe.call_id = "c";
  subscribe.cseq = {1, "SUBSCRIBE"};
  subscribe.set_header("User-Agent", std::string{agent});
  subscribe.set_header("Event", "ua-profile" + std::string{event});
  if (const auto found = phones::discover(subscribe)) {
    require(found->mac.text().size() == 12);
    require(is_printable(found->model) && is_printable(found->firmware) && is_printable(found->user_agent));
    require(found->model.size() <= 64 && found->firmware.size() <= 64 && found->user_agent.size() <= 128);
  }
  return 0;
}
