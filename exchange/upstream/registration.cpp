#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "common/sip/retry_after.hpp"
#include "exchange/upstream/answers.hpp"
#include "exchange/upstream/pauses.hpp"
#include "exchange/upstream/upstream.hpp"

// REGISTERs of accounts (RFC 3261 §10.2), one after the other.
namespace roamdesk::upstream {

void Upstream::work(TimePoint now) {
  while (next_send_ <= now) {
    if (!repeats_.empty()) {
      auto [number, request] = std::move(repeats_.front());
      repeats_.pop_front();
      send(accounts_.at(number), std::move(request), now);
      continue;
    }
    if (requests_.size() >= (answers_ ? times_.most_under_way : 1)) return;
    const auto next = [&](const Turns& turns) { return !turns.empty() && turns.begin()->first <= now; };
    if (!next(farewells_) && !(server_ && next(due_))) return;
    auto& account = accounts_.at((next(farewells_) ? farewells_ : due_).begin()->second);
    schedule(account, std::nullopt);
    begin(account, now);
  }
}

void Upstream::begin(Account& account, TimePoint now) {
  const bool farewell = takes_leave(account);
  Identity& who = account.leaving ? *account.leaving : account.self;
  if (farewell && (!who.binding || who.binding->until <= now)) return farewell_over(account, now);
  // What it had to leave has gone by itself meanwhile.
  if (!farewell && !server_) return schedule(account, now);
  if (!farewell && !may_try(account, now)) return;
  Request request;
  request.account = account.number;
  request.farewell = farewell;
  if (farewell) {
    request.flow = server_ && server_->key == who.binding->server ? server_->flow : who.binding->flow;
    request.asked = who.binding->what;
    request.asked.expires = std::chrono::seconds{0};
  } else {
    request.flow = server_->flow;
    request.asked = {trunks::contact_of(speaking_as(who), server_->flow,
                                        server_->seen_as.value_or(server_->flow.address.face), false),
                     expires_, false};
  }
  request.message = trunks::make_register(speaking_as(who), who.series, request.asked, software_);
  // The Contact that stood goes in the same step: an account is never registered twice.
  if (!farewell && who.binding && who.binding->what.contact != request.asked.contact) {
    sip::NameAddr old;
    old.uri = who.binding->what.contact;
    old.params.set("expires", "0");
    request.message.contact.push_back(std::move(old));
  }
  who.credentials.prepare(request.message, unique_());
  account.rounds = 0;
  send(account, std::move(request), now);
}

void Upstream::send(Account& account, Request request, TimePoint now) {
  const trunks::RequestId id{++last_request_};
  request.sent = now;
  request.deadline = now + times_.answer;
  account.request = id;
  effects_.emplace_back(Send{id, request.flow, request.message});
  requests_.emplace(id, std::move(request));
  next_send_ = std::max(next_send_, now) + times_.gap;
}

// Ahead of those that haven't begun.
void Upstream::repeat(Account& account, Request request, sip::Message message, TimePoint now) {
  auto& who = request.farewell && account.leaving ? *account.leaving : account.self;
  message.cseq.number = ++who.series.cseq;
  request.message = std::move(message);
  repeats_.emplace_back(account.number, std::move(request));
  // Not empty: until it is sent, its account has a request under way.
  account.request = trunks::RequestId{0};
  work(now);
}

void Upstream::answered(trunks::RequestId id, const sip::Message& response, TimePoint now) {
  if (response.status < 200) return;
  auto found = requests_.extract(id);
  if (!found) return;
  auto request = std::move(found.mapped());
  auto& account = accounts_.at(request.account);
  account.request.reset();
  heard_ = now;
  silences_ = 0;
  if (server_ && server_->flow.id == request.flow.id)
    if (const auto seen = trunks::seen_as(response)) server_->seen_as = seen;
  if (request.farewell)
    farewell_answered(account, std::move(request), response, now);
  else
    registration_answered(account, std::move(request), response, now);
  work(now);
}

void Upstream::failed(trunks::RequestId id, bool timed_out, TimePoint now) {
  auto found = requests_.extract(id);
  if (!found) return;
  const auto request = std::move(found.mapped());
  auto& account = accounts_.at(request.account);
  account.request.reset();
  const bool silent = heard_ <= request.sent;
  const bool used = server_ && server_->flow.id == request.flow.id;
  const auto where = to_string(request.flow.address.peer);
  auto why = timed_out ? fmt::format("{} doesn't answer REGISTER", where) : fmt::format("no connection to {}", where);
  if (request.farewell) {
    farewell_over(account, now);
    // A server that isn't used any more and doesn't answer is asked once, not once for each account.
    if (silent && !used) give_up_farewells(request.flow.id, now);
  } else {
    unanswered(account, why, {}, now);
  }
  // One that is never answered is its own fault, not the server's: another one is asked before that.
  if (silent && used && (!answers_ || ++silences_ >= 2 || !ask_another(request.account, now)))
    lost(std::move(why), {}, now);
  work(now);
}

bool Upstream::ask_another(AccountNumber than, TimePoint now) {
  const auto is_another = [&](AccountNumber number) { return number != than; };
  if (std::any_of(requests_.begin(), requests_.end(), [&](const auto& r) { return is_another(r.second.account); }))
    return true;
  const auto next = std::find_if(due_.begin(), due_.end(), [&](const auto& turn) { return is_another(turn.second); });
  if (next == due_.end()) return false;
  if (next->first > now) schedule(accounts_.at(next->second), now);
  return true;
}

void Upstream::give_up_farewells(sip::FlowId flow, TimePoint now) {
  std::vector<AccountNumber> waiting;
  for (const auto& [at, number] : farewells_) waiting.push_back(number);
  for (const auto number : waiting) {
    auto& account = accounts_.at(number);
    auto& who = account.leaving ? *account.leaving : account.self;
    if (who.binding && who.binding->flow.id == flow) farewell_over(account, now);
  }
}

void Upstream::registration_answered(Account& account, Request request, const sip::Message& response, TimePoint now) {
  const auto answer = fmt::format("the upstream answered {} to REGISTER", trunks::answer_of(response));
  const Duration after = sip::retry_after(response).value_or(std::chrono::seconds{0});
  if (is_servers_own(response.status)) {
    unanswered(account, answer, after, now);
    bad_answers_.insert(request.account);
    if (!answers_ || bad_answers_.size() >= std::min(times_.bad_answers, accounts_.size())) lost(answer, after, now);
    return;
  }
  bad_answers_.clear();
  follow(now);
  if (response.status < 300) return stands(account, request, response, now);
  if (++account.rounds >= times_.most_rounds) return refuse(account, answer + ", again and again", {}, now);
  if (response.status == 401 || response.status == 407) {
    auto again = account.self.credentials.answer(request.message, response, unique_());
    if (auto* message = std::get_if<sip::Message>(&again)) {
      // What the challenge showed of a NAT is said right, too.
      request.asked.contact = trunks::contact_of(speaking_as(account.self), request.flow,
                                                 server_->seen_as.value_or(request.flow.address.face), false);
      message->contact.front().uri = request.asked.contact;
      return repeat(account, std::move(request), std::move(*message), now);
    }
    switch (std::get<trunks::NoAnswer>(again)) {
      case trunks::NoAnswer::wrong_password:
        return refuse(account, "wrong password: " + answer, after, now);
      case trunks::NoAnswer::no_password:
        return refuse(account, "it has no password, and " + answer, after, now);
      case trunks::NoAnswer::unknown_kind:
        return refuse(account, "its challenge isn't Digest with MD5 or SHA-256: " + answer, after, now);
    }
  }
  if (response.status == 423) {  // RFC 3261 §10.2.8; what it wants, it wants of all
    const auto wanted = min_expires(response);
    if (wanted > request.asked.expires && wanted <= longest_expires) {
      expires_ = std::max(expires_, wanted);
      request.asked.expires = wanted;
      request.message.expires = static_cast<std::uint32_t>(wanted.count());
      auto message = request.message;
      account.self.credentials.prepare(message, unique_());
      return repeat(account, std::move(request), std::move(message), now);
    }
  }
  const bool with_password = request.message.header("Authorization") || request.message.header("Proxy-Authorization");
  if (response.status == 403)
    return refuse(account, (with_password ? "wrong password: " : "refused: ") + answer, after, now);
  if (response.status == 404) return refuse(account, "no such account: " + answer, after, now);
  refuse(account, "refused: " + answer, after, now);
}

void Upstream::stands(Account& account, const Request& request, const sip::Message& ok, TimePoint now) {
  const auto time = trunks::granted(ok, request.asked);
  if (time.count() == 0) return refuse(account, "refused: the upstream registered it for no time", {}, now);
  // It may have run out unseen.
  if (!account.self.binding || account.self.binding->until <= now) account.told_stands = false;
  account.self.binding =
      Binding{{request.flow.address.transport, request.flow.address.peer}, request.flow, request.asked, now + time};
  account.failures = account.refused_in_row = 0;
  account.refusals.clear();
  account.taken = true;
  account.is_refused = false;
  account.why.clear();
  say_stands(account, true);
  const auto half = Duration{time} * 45 / 100 + std::chrono::duration_cast<Duration>(Duration{time} / 10 * chance());
  // Without a challenge the answer is the first that shows what a NAT makes of our address.
  const bool moved =
      server_ && server_->flow.id == request.flow.id && server_->seen_as &&
      trunks::contact_of(speaking_as(account.self), server_->flow, *server_->seen_as, false) != request.asked.contact;
  const bool again = moved && !account.readdressed;
  account.readdressed = moved;
  schedule(account, again ? now : now + half);
  tell(account, now);
  if (!is_wanted(account)) reconsider(account, now);
}

// By the account's own fault, as far as we can know: the others go on.
void Upstream::refuse(Account& account, std::string why, Duration at_least, TimePoint now) {
  account.self.credentials.forget();
  account.self.binding.reset();
  say_stands(account, false);
  account.is_refused = true;
  account.why = std::move(why);
  account.refusals.push_back(now);
  while (account.refusals.size() > times_.most_tries) account.refusals.pop_front();
  if (!account.taken) refusals_.push_back(now);
  while (refusals_.size() > times_.most_tries_of_all) refusals_.pop_front();
  auto until =
      now + std::max(spread(doubled(times_.refused, times_.longest_refused, account.refused_in_row++)), at_least);
  if (account.refusals.size() >= times_.most_tries)
    until = std::max(until, account.refusals.front() + times_.many_tries_in);
  schedule(account, until);
  tell(account, now);
  if (!is_wanted(account)) reconsider(account, now);
}

// A registration that stands goes on until it runs out.
void Upstream::unanswered(Account& account, std::string why, Duration at_least, TimePoint now) {
  const auto pause = doubled(times_.shortest_pause, times_.longest_pause, account.failures++);
  account.why = std::move(why);
  schedule(account, now + std::max(spread(pause), at_least));
  if (!is_wanted(account)) reconsider(account, now);
}

bool Upstream::may_try(Account& account, TimePoint now) {
  const auto forget_old = [&](std::deque<TimePoint>& tries) {
    while (!tries.empty() && tries.front() + times_.many_tries_in <= now) tries.pop_front();
  };
  forget_old(account.refusals);
  forget_old(refusals_);
  if (account.refusals.size() >= times_.most_tries) {
    account.is_refused = true;
    account.why = "refused too often within 10 minutes; tried again after them, lest our address is banned";
    schedule(account, account.refusals.front() + times_.many_tries_in);
    return false;
  }
  if (!account.taken && refusals_.size() >= times_.most_tries_of_all) {
    account.why = "too many accounts were refused within 10 minutes; waits, lest our address is banned";
    schedule(account, refusals_.front() + times_.many_tries_in);
    return false;
  }
  return true;
}

void Upstream::farewell_answered(Account& account, Request request, const sip::Message& response, TimePoint now) {
  auto& who = account.leaving ? *account.leaving : account.self;
  const bool challenged = response.status == 401 || response.status == 407;
  if (challenged && ++account.rounds < times_.most_rounds) {
    auto again = who.credentials.answer(request.message, response, unique_());
    if (auto* message = std::get_if<sip::Message>(&again))
      return repeat(account, std::move(request), std::move(*message), now);
  }
  farewell_over(account, now);
}

void Upstream::farewell_over(Account& account, TimePoint now) {
  if (account.leaving)
    account.leaving.reset();
  else
    account.self.binding.reset();
  reconsider(account, now);
}

// Its own refusal is told, and that it is over: not what the upstream's loss does to all.
void Upstream::tell(Account& account, TimePoint now) {
  if (account.told_refused == account.is_refused || account.removed) return;
  account.told_refused = account.is_refused;
  effects_.emplace_back(AccountChanged{account.number, account.self.record.extension, status(account, now)});
}

}  // namespace roamdesk::upstream
