#include "common/edge/newcomers.hpp"

#include "common/edge/request_line.hpp"

namespace roamdesk::edge {

Newcomers::Newcomers(Settings settings)
    : settings_(std::move(settings)),
      per_source_(settings_.per_source),
      help_of_(settings_.share),
      repeated_of_(settings_.share),
      repeats_(settings_.repeats) {}

// What is over its source's rate takes nothing from the shares, and what no share has room for costs its source
// nothing: forged sources neither empty the one nor fill the table of the other.
bool Newcomers::admit(const Asked& asked, TimePoint now) {
  const IpAddress source = asked.key.peer.address;
  const bool in_rate = per_source_.would_allow(source, now);
  if (asked.key.transport != sip::Transport::udp)
    return in_rate && streams_.take(settings_.streams, now) && per_source_.allow(source, now);
  if (in_rate && by_a_share(asked, now)) return per_source_.allow(source, now);
  // A flood in a phone's name, from its address, has used up the address's rate: the phone is heard by what it alone
  // does.
  if (calls_for_help(asked.message, settings_.emergency_numbers) && help_of_.would_allow(source, now) &&
      help_.take(settings_.help, now))
    return help_of_.allow(source, now);
  if (repeats_.heard(asked.key, asked.message, now) && repeated_of_.would_allow(source, now) &&
      repeated_.take(settings_.repeated, now))
    return repeated_of_.allow(source, now);
  return false;
}

void Newcomers::handle_timeout(TimePoint now) {
  for (auto* const limit : {&per_source_, &help_of_, &repeated_of_}) limit->handle_timeout(now);
  repeats_.handle_timeout(now);
}

bool Newcomers::by_a_share(const Asked& asked, TimePoint now) {
  if (asked.is_home && home_.take(settings_.home, now)) return true;
  if (asked.flow && asked.flow->has(settings_.own, now) && continued_.take(settings_.continued, now))
    return asked.flow->take(settings_.own, now);
  return first_.take(settings_.first, now);
}

}  // namespace roamdesk::edge
