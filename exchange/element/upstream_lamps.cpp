#include "exchange/element/upstream_lamps.hpp"

#include <fmt/format.h>
#include <utility>

#include <variant>

#include "exchange/presence/message_summary.hpp"

namespace roamdesk::element {
namespace {

// As the phone has it, and as the upstream has it: a # is escaped there (RFC 3261 §25.1).
ExtensionNumber shown(const std::string& called) { return ExtensionNumber{sip::unescape(called)}; }

}  // namespace

std::string UpstreamLamps::called(const presence::Watched& watched) {
  std::string text;
  for (const char c : watched.number.value()) text += c == '#' ? std::string{"%23"} : std::string{c};
  return text;
}

std::optional<presence::Watched> UpstreamLamps::target_of(const routing::Route& route) const {
  if (const auto* to = std::get_if<routing::ToUpstream>(&route)) return presence::Watched{shown(to->called), to->trunk};
  const auto* to = std::get_if<routing::ToOutside>(&route);
  if (!to || to->attempts.empty()) return std::nullopt;
  const auto& first = to->attempts.front();
  const auto trunk = outside_.trunks().find(first.trunk);
  if (!trunk || !upstreams_.accounts().upstream(*trunk)) return std::nullopt;
  return presence::Watched{shown(first.called), first.trunk};
}

bool UpstreamLamps::takes(const presence::Watched& watched) const {
  const auto trunk = outside_.trunks().find(watched.exchange);
  const auto* subscriptions = trunk ? upstreams_.accounts().subscriptions(*trunk) : nullptr;
  return subscriptions && subscriptions->takes(called(watched));
}

bool UpstreamLamps::handle_notify(const sip::RequestReceived& e) {
  const auto trunk = upstreams_.accounts().of_tag(e.request.to.tag());
  if (!trunk) return false;
  // A tag isn't authority: what an upstream tells comes from its own addresses.
  const int status = outside_.is_from(*trunk, e.flow)
                         ? upstreams_.accounts().subscriptions(*trunk)->notified(e.request, context_.now.mono)
                         : 403;
  auto response = sip::make_response(e.request, status, "", "");
  if (status == 200)
    transactions_.respond(e.tx, std::move(response), context_.now.mono);
  else
    transactions_.respond_statelessly(e.tx, std::move(response));
  return true;
}

void UpstreamLamps::handle_unasked(trunks::TrunkNumber trunk, const sip::Message& notify) {
  const auto extension = upstreams_.extension_called(trunk, notify);
  const auto state = extension ? presence::parse_message_summary(notify.body) : std::nullopt;
  if (!state) return;
  presence_.publish_mailbox(*extension, *state, context_.now.mono);
  if (const auto place = upstreams_.accounts().of_extension(extension->value()))
    upstreams_.accounts().subscriptions(trunk)->told_unasked(place->account);
}

void UpstreamLamps::handle_extension(const ExtensionNumber& extension, bool had_account) {
  const auto now = context_.now.mono;
  // Who watched that number at an upstream watches a person of ours from now on.
  if (context_.directory.extension(extension))
    for (const auto& [name, trunk] : outside_.trunks().names())
      presence_.end_all_on({extension, name}, now, "deactivated");
  if (upstreams_.accounts().of_extension(extension.value())) return;
  // What was told of its mailbox isn't true of another one.
  presence_.publish_mailbox(extension, {}, now);
  if (!had_account) return;
  const auto end = [&](const Mac& device) {
    for (const auto& [name, trunk] : outside_.trunks().names()) presence_.end_all_at(device, name, now);
  };
  if (const auto* session = context_.directory.session_of(extension))
    if (const auto* desk = context_.directory.desk(session->desk)) end(desk->mac);
  for (const auto* phone : context_.directory.phones_of(extension)) end(phone->mac);
}

void UpstreamLamps::handle_response(const sip::ResponseReceived& e) {
  if (e.response.status < 200) return;
  const auto asked = under_way_.extract(e.tx);
  auto* subscriptions = asked ? upstreams_.accounts().subscriptions(asked.mapped().first) : nullptr;
  if (subscriptions) subscriptions->answered(asked.mapped().second, e.response, context_.now.mono);
}

void UpstreamLamps::handle_failure(sip::ClientTx tx, bool timed_out) {
  const auto asked = under_way_.extract(tx);
  auto* subscriptions = asked ? upstreams_.accounts().subscriptions(asked.mapped().first) : nullptr;
  if (subscriptions) subscriptions->failed(asked.mapped().second, timed_out, context_.now.mono);
}

bool UpstreamLamps::run() {
  bool busy = false;
  while (const auto change = presence_.poll_watch()) {
    busy = true;
    follow(*change);
  }
  while (auto effect = upstreams_.accounts().poll_subscription_effect()) {
    busy = true;
    std::visit([&, trunk = effect->first](auto&& each) { perform(trunk, std::forward<decltype(each)>(each)); },
               std::move(effect->second));
  }
  return busy;
}

void UpstreamLamps::follow(const presence::WatchChanged& change) {
  const auto trunk = outside_.trunks().find(change.watched.exchange);
  auto* subscriptions = trunk ? upstreams_.accounts().subscriptions(*trunk) : nullptr;
  if (!subscriptions) return;
  const auto number = called(change.watched);
  if (!change.begun) return subscriptions->unwatch(number, context_.now.mono);
  const auto asker = change.by ? upstreams_.accounts().of_extension(change.by->value()) : std::nullopt;
  subscriptions->watch(number, asker && asker->trunk == *trunk ? std::optional{asker->account} : std::nullopt,
                       context_.now.mono);
}

void UpstreamLamps::perform(trunks::TrunkNumber trunk, upstream::Subscribe&& effect) {
  const auto tx = transactions_.send_request(effect.flow, std::move(effect.message), owner_of(Sender::upstream_lamps),
                                             context_.now.mono);
  under_way_.emplace(tx, std::pair{trunk, effect.request});
}

void UpstreamLamps::perform(trunks::TrunkNumber, upstream::MailboxTold&& effect) {
  presence_.publish_mailbox(ExtensionNumber{effect.extension}, effect.state, context_.now.mono);
}

void UpstreamLamps::perform(trunks::TrunkNumber trunk, upstream::CallsTold&& effect) {
  const auto* record = outside_.record(trunk);
  if (!record) return;
  const presence::Watched watched{shown(effect.number), record->name};
  pickups_.rename(watched, effect.dialogs);
  presence_.publish(watched, std::move(effect.dialogs), context_.now.mono);
}

void UpstreamLamps::perform(trunks::TrunkNumber trunk, upstream::KindRefused&& effect) {
  const auto* record = outside_.record(trunk);
  const auto where = record ? record->name : std::string{};
  const auto words = fmt::format("{}: {}", effect.mailboxes ? "mailboxes" : "lamps", effect.why);
  context_.world.publish(Trouble{"upstream.subscriptions_refused", where, words});
  context_.audit("upstream.subscriptions_refused", "upstream", where, where, words);
}

}  // namespace roamdesk::element
