#include "exchange/trunks/machine.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roamdesk::trunks {
namespace {

std::string auth_user(const Trunk& trunk) { return trunk.auth_user.empty() ? trunk.user : trunk.auth_user; }

// Whether a registrar would see another account or another Contact.
bool same_account(const Trunk& a, const Trunk& b) {
  return a.enabled == b.enabled && a.kind == b.kind && a.site == b.site && a.domain == b.domain &&
         a.server == b.server && a.transport == b.transport && a.user == b.user && a.auth_user == b.auth_user &&
         a.contact_user == b.contact_user && a.password == b.password && a.expires == b.expires &&
         a.tls_name == b.tls_name && a.tls_authority == b.tls_authority;
}

void earlier(std::optional<TimePoint>& earliest, const std::optional<TimePoint>& time) {
  if (time && (!earliest || *time < *earliest)) earliest = time;
}

}  // namespace

Machine::Machine(Trunk trunk, std::string software, Unique unique, Times times)
    : trunk_(std::move(trunk)),
      contact_user_(trunks::contact_user(trunk_)),
      software_(std::move(software)),
      unique_(std::move(unique)),
      times_(times),
      credentials_(auth_user(trunk_), trunk_.password) {}

double Machine::chance() {
  unsigned value = 0;
  for (const char c : unique_().substr(0, 4))
    value = value * 16 + static_cast<unsigned>(c >= 'a' ? c - 'a' + 10 : c - '0') % 16;
  return value / 65536.0;
}

// A tenth more by chance: many trunks of one provider don't come back in one moment.
Duration Machine::spread(Duration time) { return time + std::chrono::duration_cast<Duration>(time / 10 * chance()); }

void Machine::start(TimePoint now) {
  since_ = now;
  begin(now);
}

void Machine::begin(TimePoint now) {
  series_ = {unique_(), unique_().substr(0, 16), 0};
  expires_ = trunk_.expires;
  bulk_ = false;
  locate_at_ = keep_alive_at_ = std::nullopt;
  if (!trunk_.enabled) return enter(Off{}, now);
  enter(Locating{}, now);
  locate(now);
}

void Machine::change(Trunk trunk, TimePoint now) {
  if (same_account(trunk_, trunk)) {
    trunk_ = std::move(trunk);
    return;
  }
  end_registration(now);
  const bool elsewhere = trunk.site != trunk_.site || trunk.domain != trunk_.domain || trunk.server != trunk_.server ||
                         trunk.transport != trunk_.transport || trunk.tls_name != trunk_.tls_name ||
                         trunk.tls_authority != trunk_.tls_authority;
  trunk_ = std::move(trunk);
  contact_user_ = trunks::contact_user(trunk_);
  credentials_ = Credentials{auth_user(trunk_), trunk_.password};
  if (elsewhere && !farewell_) servers_.clear();
  if (!farewell_) return begin(now);
  tell(now);
}

void Machine::remove(TimePoint now) {
  removed_ = true;
  end_registration(now);
  trunk_.enabled = false;
  locate_at_ = keep_alive_at_ = std::nullopt;
  enter(Off{}, now);
}

// What stands at the registrar goes before something else begins, so that the one can't end the other.
void Machine::end_registration(TimePoint now) {
  std::erase_if(requests_, [](const auto& entry) { return entry.second.kind != Request::Kind::farewell; });
  if (farewell_) return;
  const auto* standing = binding();
  const auto* server = standing ? servers_.find(standing->server) : nullptr;
  if (!server || !server->flow) return;
  Farewell farewell{trunk_, credentials_, std::nullopt, 0};
  auto what = standing->what;
  what.expires = std::chrono::seconds{0};
  auto message = make_register(trunk_, series_, what, software_);
  farewell.credentials.prepare(message, unique_());
  farewell.request = send(Request::Kind::farewell, *server, std::move(message), now);
  farewell_ = std::move(farewell);
  locate_at_ = keep_alive_at_ = std::nullopt;
  state_ = Off{};
}

void Machine::farewell_answered(const sip::Message& response, TimePoint now) {
  const auto request = requests_.extract(*farewell_->request);
  const bool challenged = response.status == 401 || response.status == 407;
  if (challenged && ++farewell_->rounds < times_.most_rounds && request) {
    auto again = farewell_->credentials.answer(request.mapped().message, response, unique_());
    const auto* server = servers_.find(request.mapped().server);
    if (auto* message = std::get_if<sip::Message>(&again); message && server && server->flow) {
      message->cseq.number = ++series_.cseq;
      farewell_->request = send(Request::Kind::farewell, *server, std::move(*message), now);
      return;
    }
  }
  farewell_over(now);
}

void Machine::farewell_over(TimePoint now) {
  const bool same_place = farewell_->trunk.domain == trunk_.domain && farewell_->trunk.server == trunk_.server;
  farewell_.reset();
  if (removed_) return;
  if (!same_place) servers_.clear();
  begin(now);
}

void Machine::enter(State state, TimePoint now) {
  state_ = std::move(state);
  tell(now);
}

void Machine::tell(TimePoint now) {
  auto status = this->status();
  if (told_ == status.condition && told_reason_ == status.reason) return;
  if (told_ != status.condition) since_ = status.since = now;
  told_ = status.condition;
  told_reason_ = status.reason;
  effects_.emplace_back(ConditionChanged{std::move(status)});
}

RequestId Machine::send(Request::Kind kind, const Server& server, sip::Message message, TimePoint now) {
  const RequestId id{++last_request_};
  effects_.emplace_back(Send{id, *server.flow, message});
  requests_.emplace(id, Request{kind, server.key(), std::move(message), now + times_.answer});
  return id;
}

void Machine::answered(RequestId id, const sip::Message& response, TimePoint now) {
  if (response.status < 200) return;
  const auto found = requests_.find(id);
  if (found == requests_.end()) return;
  auto* server = servers_.find(found->second.server);
  if (server)
    if (const auto seen = seen_as(response)) server->seen_as = seen;
  if (found->second.kind == Request::Kind::farewell) return farewell_answered(response, now);
  const auto request = std::move(found->second);
  requests_.erase(found);
  if (!server) return;
  if (request.kind == Request::Kind::options) return options_answered(*server, response, now);
  if (const auto* trying = attempt(); trying && trying->request == id) registration_answered(request, response, now);
}

void Machine::failed(RequestId id, bool timed_out, TimePoint now) {
  const auto found = requests_.find(id);
  if (found == requests_.end()) return;
  const auto request = std::move(found->second);
  requests_.erase(found);
  if (request.kind == Request::Kind::farewell) return farewell_over(now);
  auto* server = servers_.find(request.server);
  if (!server) return;
  auto why = timed_out ? fmt::format("{} doesn't answer {}", name_of(*server), request.message.method)
                       : fmt::format("no connection to {}", name_of(*server));
  if (request.kind == Request::Kind::options) return options_unanswered(*server, std::move(why), now);
  if (const auto* trying = attempt(); trying && trying->request == id) attempt_failed(std::move(why), {}, now);
}

void Machine::handle_timeout(TimePoint now) {
  for (auto due = requests_.begin(); due != requests_.end();) {
    const auto [id, deadline] = std::pair{due->first, due->second.deadline};
    if (deadline > now) {
      ++due;
      continue;
    }
    failed(id, true, now);
    due = requests_.upper_bound(id);
  }
  if (locate_at_ && *locate_at_ <= now) locate(now);
  if (const auto* refused = std::get_if<Refused>(&state_); refused && refused->until <= now) try_next({}, now);
  if (const auto* away = std::get_if<Unreachable>(&state_); away && away->until <= now) try_next({}, now);
  if (auto* standing = binding()) {
    if (standing->until <= now) {
      try_next("the registration ran out", now);
    } else if (standing->refresh <= now && !attempt()) {
      begin_attempt(standing->server, now);
    }
  }
  if (keep_alive_at_ && *keep_alive_at_ <= now) {
    keep_alive_at_ = std::nullopt;
    const auto* standing = binding();
    const auto* server = standing ? servers_.find(standing->server) : nullptr;
    if (server && server->flow) {
      effects_.emplace_back(KeepAlive{server->flow->id});
      keep_alive_at_ = now + times_.keep_alive;
    }
  }
  ping_those_due(now);
  tell(now);
}

std::optional<TimePoint> Machine::deadline() const {
  std::optional<TimePoint> earliest;
  for (const auto& [id, request] : requests_) earlier(earliest, request.deadline);
  earlier(earliest, locate_at_);
  earlier(earliest, keep_alive_at_);
  if (const auto* refused = std::get_if<Refused>(&state_)) earlier(earliest, refused->until);
  if (const auto* away = std::get_if<Unreachable>(&state_)) earlier(earliest, away->until);
  if (const auto* registered = std::get_if<Registered>(&state_)) {
    earlier(earliest, registered->binding.until);
    if (!registered->renewal) earlier(earliest, registered->binding.refresh);
  }
  earlier(earliest, next_ping());
  return earliest;
}

std::optional<Effect> Machine::poll_effect() {
  if (effects_.empty()) return std::nullopt;
  auto effect = std::move(effects_.front());
  effects_.pop_front();
  return effect;
}

}  // namespace roamdesk::trunks
