#include "bench/load/provider.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include "tests/support/phone/digest.hpp"
#include "tests/support/phone/text.hpp"

namespace roamdesk::load {

Provider::Provider(const Options& options, Fan& fan, Agenda& agenda)
    : options_(options), line_(options, options.trunk, options.provider, fan, agenda) {}

void Provider::take(std::string_view bytes) {
  if (line_.take(bytes)) {
    const auto now = Clock::now();
    const auto call = calls_.find(std::string{phone::header(bytes, "Call-ID")});
    if (call != calls_.end()) {
      call->second.handle(bytes, now);
      if (call->second.over) calls_.erase(call);
    } else if (bytes.starts_with("INVITE ")) {
      on_invite(bytes, now);
    }
  }
  line_.touched();
}

void Provider::on_invite(std::string_view invite, Clock::time_point now) {
  const std::string id{phone::header(invite, "Call-ID")};
  const auto asked = nonces_.extract(id);
  const auto tag = token();
  const auto said = phone::header(invite, "Proxy-Authorization");
  if (asked.empty() || phone::parameter(said, "nonce") != asked.mapped()) {
    const auto& nonce = nonces_[id] = token() + token();
    const auto lines =
        fmt::format("Proxy-Authenticate: Digest realm=\"{}\", nonce=\"{}\", algorithm=MD5, qop=\"auth\", stale={}\r\n",
                    options_.domain, nonce, said.empty() ? "false" : "true");
    return line_.agent.answer(invite, 407, {.tag = tag, .lines = lines}, now);
  }
  if (!proven(invite, asked.mapped())) return line_.agent.answer(invite, 403, {.tag = tag}, now);
  if (!relayed(invite)) return line_.agent.answer(invite, 488, {.tag = tag}, now);
  auto& call = calls_.try_emplace(id, line_.agent, invite).first->second;
  call.ring(180, false, now);
  call.answer(now);
}

bool Provider::proven(std::string_view invite, std::string_view nonce) const {
  const auto said = phone::header(invite, "Proxy-Authorization");
  const auto right = phone::authorization({options_.trunk.user, options_.trunk.password}, {options_.domain, nonce},
                                          "INVITE", phone::request_uri_of(invite), phone::parameter(said, "cnonce"), 1);
  return phone::parameter(said, "response") == phone::parameter(right, "response");
}

bool Provider::relayed(std::string_view invite) const {
  const auto there = phone::media_of(phone::body_of(invite));
  in_addr address{};
  if (inet_pton(AF_INET, there.substr(0, there.find(':')).c_str(), &address) != 1) return false;
  return ntohl(address.s_addr) - options_.base >= options_.accounts.size();
}

}  // namespace roamdesk::load
