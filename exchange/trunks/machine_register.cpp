#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "common/base/text.hpp"
#include "common/sip/retry_after.hpp"
#include "exchange/trunks/machine.hpp"

// The registration (RFC 3261 §10.2).
namespace roamdesk::trunks {
namespace {

constexpr std::chrono::seconds longest_expires{std::chrono::days{1}};

std::chrono::seconds min_expires(const sip::Message& response) {
  const auto text = trim(response.header("Min-Expires").value_or(""));
  std::uint32_t seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return std::chrono::seconds{seconds};
}

// What another server of the same provider may answer otherwise (RFC 3263 §4.3 and what providers say themselves).
bool is_servers_own(int status) { return status == 408 || status == 480 || (status >= 500 && status < 600); }

}  // namespace

Attempt* Machine::attempt() {
  if (auto* trying = std::get_if<Registering>(&state_)) return &trying->attempt;
  if (auto* registered = std::get_if<Registered>(&state_)) return registered->renewal ? &*registered->renewal : nullptr;
  return nullptr;
}

const Attempt* Machine::attempt() const { return const_cast<Machine*>(this)->attempt(); }

Binding* Machine::binding() {
  auto* registered = std::get_if<Registered>(&state_);
  return registered ? &registered->binding : nullptr;
}

const Binding* Machine::binding() const { return const_cast<Machine*>(this)->binding(); }

// Registers at the first server that isn't known to be away, giving up the registration that stands.
void Machine::try_next(std::string why, TimePoint now) {
  if (servers_.empty()) {
    enter(NotLocated{std::move(why)}, now);
    if (!locating_) locate(now);
    return;
  }
  while (!refusals_.empty() && refusals_.front() + times_.many_tries_in <= now) refusals_.pop_front();
  if (refusals_.size() >= times_.most_tries)
    return enter(
        Refused{refusals_.front() + times_.many_tries_in,
                "refused too often within 10 minutes; tried again after them, lest the provider bans our address"},
        now);
  if (const auto* server = servers_.best(now)) {
    const auto key = server->key();
    enter(Registering{{key, {}, {}, {}, 0, false}}, now);
    return begin_attempt(key, now);
  }
  if (why.empty()) why = servers_.all().front().why;
  enter(Unreachable{*servers_.next_chance(), std::move(why)}, now);
}

// In the place of the attempt that there may be; a registration that stands is kept meanwhile.
void Machine::begin_attempt(const ServerKey& key, TimePoint now) {
  Attempt made{key, {}, {}, now + times_.answer, 0, false};
  if (auto* registered = std::get_if<Registered>(&state_))
    registered->renewal = made;
  else
    state_ = Registering{made};
  auto* server = servers_.find(key);
  if (!server) return try_next("its server has gone", now);
  if (!server->flow)
    effects_.emplace_back(Dial{key, tls_for(key)});
  else
    send_register(*attempt(), *server, now);
}

void Machine::send_register(Attempt& attempt, Server& server, TimePoint now) {
  attempt.asked = {contact_of(trunk_, *server.flow, server.seen_as.value_or(server.flow->address.face), bulk_),
                   expires_, bulk_};
  auto message = make_register(trunk_, series_, attempt.asked, software_);
  credentials_.prepare(message, unique_());
  attempt.request = send(Request::Kind::registration, server, std::move(message), now);
}

void Machine::registration_answered(const Request& request, const sip::Message& response, TimePoint now) {
  auto& trying = *attempt();
  auto& server = *servers_.find(trying.server);
  if (response.status < 300) return registration_stands(Attempt{trying}, server, response, now);
  const auto answer = fmt::format("the provider answered {} to REGISTER", answer_of(response));
  const auto pause = sip::retry_after(response).value_or(std::chrono::seconds{0});
  if (++trying.rounds >= times_.most_rounds) return attempt_failed(answer + ", again and again", {}, now);
  if (response.status == 401 || response.status == 407) {
    auto again = credentials_.answer(request.message, response, unique_());
    if (auto* message = std::get_if<sip::Message>(&again)) {
      // What the challenge showed of a NAT is said right, too.
      trying.asked.contact =
          contact_of(trunk_, *server.flow, server.seen_as.value_or(server.flow->address.face), bulk_);
      message->contact.front().uri = trying.asked.contact;
      message->cseq.number = ++series_.cseq;
      trying.request = send(Request::Kind::registration, server, std::move(*message), now);
      return;
    }
    switch (std::get<NoAnswer>(again)) {
      case NoAnswer::wrong_password:
        return refuse("wrong password: " + answer, pause, now);
      case NoAnswer::no_password:
        return refuse("it has no password, and " + answer, pause, now);
      case NoAnswer::unknown_kind:
        return refuse("its challenge isn't Digest with MD5 or SHA-256: " + answer, pause, now);
    }
  }
  if (correct(trying, response)) return send_register(trying, server, now);
  if (is_servers_own(response.status)) return attempt_failed(answer, pause, now);
  const bool with_password = request.message.header("Authorization") || request.message.header("Proxy-Authorization");
  if (response.status == 403) return refuse((with_password ? "wrong password: " : "refused: ") + answer, pause, now);
  if (response.status == 404) return refuse("no such account: " + answer, pause, now);
  refuse("refused: " + answer, pause, now);
}

// What the registrar wants otherwise, and can have.
bool Machine::correct(Attempt& trying, const sip::Message& response) {
  if (response.status == 423) {  // RFC 3261 §10.2.8
    const auto wanted = min_expires(response);
    if (wanted <= trying.asked.expires || wanted > longest_expires) return false;
    expires_ = wanted;
    return true;
  }
  if (response.status == 421 && !bulk_ && response.lists("Require", "gin")) {  // RFC 6140 §5.2
    bulk_ = true;
    return true;
  }
  return false;
}

void Machine::registration_stands(const Attempt& done, Server& server, const sip::Message& ok, TimePoint now) {
  const auto time = granted(ok, done.asked);
  if (time.count() == 0) return refuse("refused: the provider registered us for no time", {}, now);
  refusals_.clear();
  good(server, now);
  const Duration half =
      Duration{time} * 45 / 100 + std::chrono::duration_cast<Duration>(Duration{time} / 10 * chance());
  enter(Registered{{server.key(), done.asked, now, now + half, now + time}, {}}, now);
  keep_alive_at_ = now + times_.keep_alive;
  server.ping_at = std::max(server.ping_at, now + spread(Duration{trunk_.ping}));
  // Without a challenge the answer is the first that shows what a NAT makes of our address.
  const auto contact = contact_of(trunk_, *server.flow, server.seen_as.value_or(server.flow->address.face), bulk_);
  if (contact == done.asked.contact || done.readdressed) return;
  auto& renewal = std::get<Registered>(state_).renewal;
  renewal = Attempt{server.key(), {}, {}, now + times_.answer, 0, true};
  send_register(*renewal, server, now);
}

void Machine::attempt_failed(std::string why, Duration at_least, TimePoint now) {
  const Attempt gone = *attempt();
  if (gone.request) requests_.erase(*gone.request);
  auto* registered = std::get_if<Registered>(&state_);
  const bool moving = registered && gone.server != registered->binding.server;
  // It answers OPTIONS, or it wouldn't have been tried: not once a minute, then.
  if (moving) at_least = std::max(at_least, times_.longest_pause);
  if (registered) registered->renewal = std::nullopt;
  if (auto* server = servers_.find(gone.server)) bad(*server, why, at_least, now);
  // Where it wanted to move to isn't there; the registration stands where it is.
  if (moving && servers_.find(registered->binding.server)) return;
  try_next(std::move(why), now);
}

// The account is refused, and would be at every server: slowly, or the provider bans our address.
void Machine::refuse(std::string why, Duration at_least, TimePoint now) {
  credentials_.forget();
  refusals_.push_back(now);
  while (refusals_.size() > times_.most_tries) refusals_.pop_front();
  auto until = now + std::max(spread(times_.refused), at_least);
  if (refusals_.size() >= times_.most_tries) until = std::max(until, refusals_.front() + times_.many_tries_in);
  enter(Refused{until, std::move(why)}, now);
}

}  // namespace roamdesk::trunks
