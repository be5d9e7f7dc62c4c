#include "exchange/upstream/upstream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "exchange/upstream/pauses.hpp"

namespace roamdesk::upstream {
namespace {

bool same_place(const Trunk& a, const Trunk& b) {
  return a.site == b.site && a.domain == b.domain && a.server == b.server && a.transport == b.transport &&
         a.tls_name == b.tls_name && a.tls_authority == b.tls_authority;
}

bool same_account(const UpstreamAccount& a, const UpstreamAccount& b) {
  return a.user == b.user && a.auth_user == b.auth_user && a.password == b.password;
}

}  // namespace

Upstream::Upstream(Trunk trunk, std::string software, Unique unique, std::uint32_t first_cseq, Times times)
    : trunk_(std::make_shared<const Trunk>(std::move(trunk))),
      software_(std::move(software)),
      unique_(std::move(unique)),
      first_cseq_(first_cseq),
      times_(times),
      expires_(trunk_->expires),
      why_lost_("its server is being looked up") {}

Trunk Upstream::as(const Identity& identity) const {
  Trunk trunk = *trunk_;
  trunk.user = identity.record.user;
  trunk.contact_user = identity.token;
  trunk.from_is_account = true;
  return trunk;
}

const Trunk& Upstream::speaking_as(const Identity& identity) {
  if (speaker_of_ != identity.upstream) {
    speaker_of_ = identity.upstream;
    speaker_ = *speaker_of_;
  }
  speaker_.user = identity.record.user;
  speaker_.contact_user = identity.token;
  return speaker_;
}

double Upstream::chance() { return chance_of(unique_()); }
Duration Upstream::spread(Duration time) { return upstream::spread(time, chance()); }

const Account* Upstream::account(AccountNumber number) const {
  const auto found = accounts_.find(number);
  return found == accounts_.end() || found->second.removed ? nullptr : &found->second;
}

Account* Upstream::account(AccountNumber number) { return const_cast<Account*>(std::as_const(*this).account(number)); }

bool Upstream::is_wanted(const Account& account) const {
  return trunk_->enabled && trunk_->kind == TrunkKind::accounts && !account.removed && account.self.record.enabled &&
         (account.someone || account.self.record.registers == AccountRegisters::always);
}

void Upstream::schedule(Account& account, std::optional<TimePoint> at) {
  const auto turns = [&]() -> Turns& { return account.due_is_farewell ? farewells_ : due_; };
  if (account.due) turns().erase({*account.due, account.number});
  account.due = at;
  account.due_is_farewell = takes_leave(account);
  if (at) turns().emplace(*at, account.number);
}

void Upstream::set_identity(Account& account, Identity identity) {
  tokens_.erase(account.self.token);
  account.self = std::move(identity);
  if (!account.removed) tokens_[account.self.token] = account.number;
}

std::optional<AccountNumber> Upstream::find(std::string_view token) const {
  const auto found = tokens_.find(token);
  return found == tokens_.end() ? std::nullopt : std::optional{found->second};
}

// What is to be done after something of it has changed; nothing while a request is under way, whose end asks again.
void Upstream::reconsider(Account& account, TimePoint now) {
  if (account.request) return;
  if (takes_leave(account)) {
    say_stands(account, false);
    if (account.leaving || account.self.binding) return schedule(account, now);
    if (account.removed) return erase(account.number);
    return schedule(account, std::nullopt);
  }
  // A wait that was imposed lasts, even where somebody logs in meanwhile.
  if (account.is_refused && account.due && !account.due_is_farewell) return;
  if (!account.self.binding || !account.due || account.due_is_farewell) schedule(account, now);
}

std::optional<AccountNumber> Upstream::of_user(std::string_view user) const {
  const auto found = std::find_if(accounts_.begin(), accounts_.end(), [&](const auto& entry) {
    return !entry.second.removed && entry.second.self.record.user == user;
  });
  return found == accounts_.end() ? std::nullopt : std::optional{found->first};
}

void Upstream::change(Trunk trunk, TimePoint now) {
  const bool elsewhere = !same_place(*trunk_, trunk);
  if (trunk.expires != trunk_->expires) expires_ = trunk.expires;
  trunk_ = std::make_shared<const Trunk>(std::move(trunk));
  drop_requests([&](const Request&) { return elsewhere; }, now);
  std::vector<AccountNumber> all;
  for (const auto& [number, account] : accounts_) all.push_back(number);
  for (const auto number : all) {
    auto& account = accounts_.at(number);
    if (elsewhere) {
      Identity next{trunk_, account.self.record, account.self.series.cseq};
      if (account.self.binding) account.leaving = account.self;
      set_identity(account, std::move(next));
      account.taken = account.is_refused = false;
    }
    reconsider(account, now);
  }
  if (elsewhere && std::exchange(server_, std::nullopt)) news_.emplace_back(ServerChanged{});
  work(now);
}

void Upstream::put(AccountNumber number, UpstreamAccount record, bool someone, TimePoint now) {
  const auto found = accounts_.find(number);
  if (found == accounts_.end()) {
    auto& made =
        accounts_.emplace(number, Account{number, Identity{trunk_, std::move(record), first_cseq_}}).first->second;
    made.someone = someone;
    tokens_[made.self.token] = number;
    reconsider(made, now);
    return work(now);
  }
  auto& account = found->second;
  account.someone = someone;
  if (same_account(account.self.record, record)) {
    account.self.record = std::move(record);
  } else {
    drop_requests([&](const Request& request) { return request.account == number; }, now);
    Identity next{trunk_, std::move(record), account.self.series.cseq};
    // What stood before that, too, is only known by the older password; it runs out by itself.
    if (account.self.binding) account.leaving = account.self;
    set_identity(account, std::move(next));
    account.taken = account.is_refused = false;
    account.refused_in_row = 0;
    schedule(account, now);
  }
  reconsider(account, now);
  work(now);
}

void Upstream::remove(AccountNumber number, TimePoint now) {
  const auto found = accounts_.find(number);
  if (found == accounts_.end()) return;
  found->second.removed = true;
  tokens_.erase(found->second.self.token);
  reconsider(found->second, now);
  work(now);
}

void Upstream::set_someone(AccountNumber number, bool someone, TimePoint now) {
  auto* found = account(number);
  if (!found || found->someone == someone) return;
  found->someone = someone;
  reconsider(*found, now);
  work(now);
}

void Upstream::erase(AccountNumber number) {
  schedule(accounts_.at(number), std::nullopt);
  accounts_.erase(number);
}

// Their answers come too late. The accounts' turns come again.
void Upstream::drop_requests(const std::function<bool(const Request&)>& which, TimePoint now) {
  const auto drop = [&](const Request& request) {
    if (!which(request)) return false;
    auto& account = accounts_.at(request.account);
    account.request.reset();
    schedule(account, now);
    return true;
  };
  std::erase_if(requests_, [&](const auto& entry) { return drop(entry.second); });
  std::erase_if(repeats_, [&](const auto& entry) { return drop(entry.second); });
}

void Upstream::use(std::optional<Server> server, TimePoint now) {
  const bool same =
      server_ && server ? server_->key == server->key && server_->flow.id == server->flow.id : !server_ && !server;
  if (same) return;
  const bool began = server.has_value();
  server_ = std::move(server);
  news_.emplace_back(ServerChanged{});
  answers_ = false;
  bad_answers_.clear();
  silences_ = 0;
  keep_alive_at_ = began ? std::optional{now + times_.keep_alive} : std::nullopt;
  drop_requests(
      [&](const Request& request) { return !request.farewell && (!server_ || request.flow.id != server_->flow.id); },
      now);
  if (!began) return work(now);
  server_since_ = now;
  // One of them goes ahead, to see whether it answers.
  if (due_.empty() || due_.begin()->first > now)
    for (auto& [number, account] : accounts_)
      if (is_elsewhere(account)) {
        schedule(account, now);
        break;
      }
  work(now);
}

// Over a connection the registrar reaches us by that connection alone.
bool Upstream::is_elsewhere(const Account& account) const {
  const auto& binding = account.self.binding;
  if (!binding || account.request || takes_leave(account) || account.is_refused) return false;
  return binding->server != server_->key || (binding->flow.reliable() && binding->flow.id != server_->flow.id);
}

// It answers: all others follow.
void Upstream::follow(TimePoint now) {
  if (std::exchange(answers_, true) || !server_) return;
  effects_.emplace_back(ServerAnswered{server_->key});
  for (auto& [number, account] : accounts_)
    if (is_elsewhere(account) && (!account.due || *account.due > now)) schedule(account, now);
}

void Upstream::flow_closed(sip::FlowId flow, std::string_view why, TimePoint now) {
  // What was registered by it and is to end has no way to say so.
  std::vector<AccountNumber> ended;
  for (auto& [number, account] : accounts_) {
    if (!takes_leave(account)) continue;
    auto& who = account.leaving ? *account.leaving : account.self;
    if (!who.binding || who.binding->flow.id != flow) continue;
    if (account.leaving)
      account.leaving.reset();
    else
      account.self.binding.reset();
    ended.push_back(number);
  }
  drop_requests([&](const Request& request) { return request.flow.id == flow; }, now);
  for (const auto number : ended) reconsider(accounts_.at(number), now);
  if (!server_ || server_->flow.id != flow) return work(now);
  auto words = fmt::format("no connection to {}", to_string(server_->key.endpoint));
  if (!why.empty()) words += fmt::format(": {}", why);
  if (!answers_ || now - server_since_ < times_.settled) return lost(std::move(words), {}, now);
  why_lost_ = std::move(words);
  use(std::nullopt, now);
}

// The owner of the servers says when one is there again. It may have forgotten us meanwhile: all register again then,
// one after the other.
void Upstream::lost(std::string why, Duration at_least, TimePoint now) {
  if (!server_) return;
  effects_.emplace_back(ServerFailed{server_->key, why, at_least});
  why_lost_ = std::move(why);
  const auto flow = server_->flow.id;
  const bool forgets = answers_;
  use(std::nullopt, now);
  drop_requests([&](const Request& request) { return request.flow.id == flow; }, now);
  std::vector<AccountNumber> all;
  for (const auto& [number, account] : accounts_) all.push_back(number);
  for (const auto number : all) {
    auto& account = accounts_.at(number);
    if (account.leaving && account.leaving->binding->flow.id == flow) account.leaving.reset();
    if (!is_wanted(account)) {
      account.self.binding.reset();
      reconsider(account, now);
    } else if (forgets && !account.is_refused && account.failures == 0 && (!account.due || *account.due > now)) {
      schedule(account, now);
    }
  }
}

void Upstream::handle_timeout(TimePoint now) {
  while (!requests_.empty() && requests_.begin()->second.deadline <= now) failed(requests_.begin()->first, true, now);
  if (keep_alive_at_ && *keep_alive_at_ <= now) {
    keep_alive_at_ = now + times_.keep_alive;
    if (server_) effects_.emplace_back(KeepAlive{server_->flow.id});
  }
  work(now);
}

std::optional<TimePoint> Upstream::deadline() const {
  std::optional<TimePoint> earliest = keep_alive_at_;
  if (!requests_.empty()) earlier(earliest, requests_.begin()->second.deadline);
  if (!repeats_.empty()) {
    earlier(earliest, next_send_);
  } else if (requests_.size() < (answers_ ? times_.most_under_way : 1)) {
    if (!farewells_.empty()) earlier(earliest, std::max(farewells_.begin()->first, next_send_));
    if (server_ && !due_.empty()) earlier(earliest, std::max(due_.begin()->first, next_send_));
  }
  return earliest;
}

void Upstream::say_stands(Account& account, bool registered) {
  if (std::exchange(account.told_stands, registered) != registered)
    news_.emplace_back(AccountStands{account.number, registered});
}

std::optional<News> Upstream::poll_news() {
  if (news_.empty()) return std::nullopt;
  const auto news = news_.front();
  news_.pop_front();
  return news;
}

bool Upstream::is_registered(AccountNumber number, TimePoint now) const {
  const auto* found = account(number);
  return found && found->self.binding && found->self.binding->until > now && is_wanted(*found);
}

std::optional<AccountNumber> Upstream::registered(std::optional<AccountNumber> rather, TimePoint now) const {
  if (rather && is_registered(*rather, now)) return rather;
  for (const auto& [number, account] : accounts_)
    if (is_registered(number, now)) return number;
  return std::nullopt;
}

std::optional<Effect> Upstream::poll_effect() {
  if (effects_.empty()) return std::nullopt;
  auto effect = std::move(effects_.front());
  effects_.pop_front();
  return effect;
}

Status Upstream::status(const Account& account, TimePoint now) const {
  if (account.self.binding && account.self.binding->until > now && is_wanted(account))
    return {Condition::registered, account.why, account.due, account.self.binding->until};
  if (!trunk_->enabled) return {Condition::off, fmt::format("its upstream {} is switched off", trunk_->name)};
  if (trunk_->kind != TrunkKind::accounts)
    return {Condition::off, fmt::format("the trunk {} isn't of kind accounts", trunk_->name)};
  if (!account.self.record.enabled) return {Condition::off};
  if (!is_wanted(account)) return {Condition::logged_out};
  if (account.is_refused) return {Condition::refused, account.why, account.due};
  if (account.request && !account.leaving) return {Condition::registering};
  return {Condition::waiting, server_ ? account.why : why_lost_, account.due};
}

Upstream::Counts Upstream::counts(TimePoint now) const {
  Counts counts;
  for (const auto& [number, account] : accounts_) {
    if (account.removed) continue;
    ++counts.accounts;
    const auto condition = status(account, now).condition;
    if (condition == Condition::registered) ++counts.registered;
    if (condition == Condition::refused) ++counts.refused;
    if (condition == Condition::waiting || condition == Condition::registering) ++counts.waiting;
  }
  return counts;
}

}  // namespace roamdesk::upstream
