#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "bench/load/line.hpp"
#include "tests/support/phone/call.hpp"

namespace roamdesk::load {

// The provider behind a trunk: challenges each INVITE (407, RFC 3261 §22.3) with a nonce that is good for one, rings
// and answers. A call whose credentials are wrong (403), or whose media would come from a caller itself (488), is
// refused, so that it counts as failed.
class Provider {
 public:
  Provider(const Options& options, Fan& fan, Agenda& agenda);

  void take(std::string_view bytes);
  std::uint64_t repeated() { return line_.agent.transactions().repeated(); }

 private:
  void on_invite(std::string_view invite, Clock::time_point now);
  bool proven(std::string_view invite, std::string_view nonce) const;
  bool relayed(std::string_view invite) const;

  const Options& options_;
  Line line_;
  std::unordered_map<std::string, std::string> nonces_;  // by Call-ID
  std::unordered_map<std::string, phone::Call> calls_;
};

}  // namespace roamdesk::load
