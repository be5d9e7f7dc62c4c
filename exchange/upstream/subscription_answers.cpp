#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/sip/retry_after.hpp"
#include "exchange/upstream/answers.hpp"
#include "exchange/upstream/pauses.hpp"
#include "exchange/upstream/subscriptions.hpp"

// What became of a SUBSCRIBE.
namespace roamdesk::upstream {
namespace {

// It doesn't know what it was asked, whomever it is about.
bool is_of_the_kind(int status) { return status == 405 || status == 489 || status == 501; }
// The dialog is no more (RFC 5057 §5.1), which says nothing of the next one.
bool ends_dialog(int status) { return status == 404 || status == 410 || status == 481; }

}  // namespace

void Subscriptions::answered(trunks::RequestId id, const sip::Message& response, TimePoint now) {
  if (response.status < 200) return;
  auto found = requests_.extract(id);
  if (!found) return;
  auto request = std::move(found.mapped());
  auto& subscription = all_.at(request.subject);
  subscription.request.reset();
  --kind_of(request.subject).under_way;
  const bool challenged = response.status == 401 || response.status == 407;
  if (request.farewell)
    farewell_answered(subscription, std::move(request), response, now);
  else if (!subscription.standing) {  // a NOTIFY has ended it meanwhile
    if (!subscription.wanted)
      erase(request.subject);
    else if (!subscription.due)
      schedule(subscription, now + times_.shortest_pause);
  } else if (response.status < 300)
    accepted(subscription, request, response, now);
  else if (!challenged || !answer_challenge(subscription, request, response, now))
    answer_refusal(subscription, request, response, now);
  work(now);
}

void Subscriptions::failed(trunks::RequestId id, bool timed_out, TimePoint now) {
  auto found = requests_.extract(id);
  if (!found) return;
  const auto request = std::move(found.mapped());
  auto& subscription = all_.at(request.subject);
  subscription.request.reset();
  --kind_of(request.subject).under_way;
  const auto where = to_string(request.flow.address.peer);
  if (request.farewell)
    farewell_over(subscription, now);
  else
    unanswered(
        subscription,
        timed_out ? fmt::format("{} doesn't answer SUBSCRIBE", where) : fmt::format("no connection to {}", where), {},
        now);
  work(now);
}

bool Subscriptions::answer_challenge(Subscription& subscription, const Request& request, const sip::Message& response,
                                     TimePoint now) {
  auto& standing = *subscription.standing;
  auto* account = upstream_.account(standing.by);
  if (!account || ++subscription.rounds >= times_.most_rounds) return false;
  auto answer = account->self.credentials.answer(request.message, response, unique_());
  auto* message = std::get_if<sip::Message>(&answer);
  if (!message) return false;
  auto again = request;
  again.message = std::move(*message);
  again.message.cseq.number = ++standing.dialog.local_cseq;
  put_under_way(subscription, std::move(again), now);
  return true;
}

void Subscriptions::accepted(Subscription& subscription, const Request& request, const sip::Message& ok,
                             TimePoint now) {
  auto& kind = kind_of(subscription.subject);
  kind.serves = true;
  kind.holds = 0;
  kind.why.clear();
  const auto granted = std::min(ok.expires ? std::chrono::seconds{*ok.expires} : request.asked, longest_expires);
  if (granted.count() == 0) return refused(subscription, "the upstream accepts it for no time", {}, now);
  auto& standing = *subscription.standing;
  auto& dialog = standing.dialog;
  if (request.first && (dialog.remote_tag.empty() || dialog.remote_tag == ok.to.tag()))
    dialog.take(ok);
  else if (!request.first)
    dialog.refresh_target(ok);
  standing.until = now + granted;
  if (!request.first) subscription.failures = 0;  // it lives
  subscription.refused_in_row = 0;
  subscription.refused = false;
  subscription.accepted = true;
  subscription.why.clear();
  const Duration half = Duration{granted} * 45 / 100 +
                        std::chrono::duration_cast<Duration>(Duration{granted} / 10 * chance_of(unique_()));
  schedule(subscription, subscription.wanted ? now + std::max(half, times_.soonest_refresh) : now);
}

void Subscriptions::answer_refusal(Subscription& subscription, const Request& request, const sip::Message& response,
                                   TimePoint now) {
  const int status = response.status;
  auto why = fmt::format("the upstream answered {} to SUBSCRIBE", trunks::answer_of(response));
  const Duration after = sip::retry_after(response).value_or(std::chrono::seconds{0});
  if (status == 423) {  // what it wants, it wants of all
    if (const auto wanted = min_expires(response); wanted > request.asked && wanted <= longest_expires) {
      times_.expires = std::max(times_.expires, wanted);
      if (request.first) drop(subscription);
      return schedule(subscription, now);
    }
  }
  if (!request.first && ends_dialog(status)) {
    drop(subscription);
    return schedule(subscription, now);
  }
  if (is_of_the_kind(status)) return kind_refused(subscription, std::move(why), after, now);
  if (is_servers_own(status)) return unanswered(subscription, std::move(why), after, now);
  const bool banned_for = status == 401 || status == 403 || status == 407;
  if (banned_for && !subscription.accepted) refusals_.push_back(now);
  refused(subscription, std::move(why), after, now);
}

void Subscriptions::refused(Subscription& subscription, std::string why, Duration at_least, TimePoint now) {
  drop(subscription);
  tell_dark(subscription);
  if (!subscription.wanted) return give_up(subscription);
  subscription.refused = true;
  subscription.why = std::move(why);
  const auto wait = pause(times_.refused, times_.longest_refused, subscription.refused_in_row++);
  schedule(subscription, now + std::max(wait, at_least));
}

// What stands goes on until it runs out.
void Subscriptions::unanswered(Subscription& subscription, std::string why, Duration at_least, TimePoint now) {
  const auto& standing = subscription.standing;
  const bool stands = standing && standing->until;
  if (!stands) {
    drop(subscription);
    tell_dark(subscription);
  }
  if (!subscription.wanted) return give_up(subscription);
  subscription.why = std::move(why);
  const auto wait = pause(times_.shortest_pause, times_.longest_pause, subscription.failures++);
  auto at = now + std::max(wait, at_least);
  if (stands) at = std::min(at, std::max(*standing->until, now + times_.shortest_pause));
  schedule(subscription, at);
}

void Subscriptions::kind_refused(Subscription& subscription, std::string why, Duration at_least, TimePoint now) {
  auto& kind = kind_of(subscription.subject);
  kind.held_until = now + std::max(pause(times_.refused, times_.longest_refused, kind.holds), at_least);
  kind.serves = false;
  if (kind.holds++ == 0) effects_.emplace_back(KindRefused{subscription.subject.is_mailbox(), why});
  kind.why = why;
  drop(subscription);
  tell_dark(subscription);
  if (!subscription.wanted) return erase(Subject{subscription.subject});
  subscription.why = std::move(why);
  schedule(subscription, *kind.held_until);
}

void Subscriptions::farewell_answered(Subscription& subscription, Request request, const sip::Message& response,
                                      TimePoint now) {
  const bool challenged = response.status == 401 || response.status == 407;
  if (challenged && subscription.standing && answer_challenge(subscription, request, response, now)) return;
  farewell_over(subscription, now);
}

void Subscriptions::farewell_over(Subscription& subscription, TimePoint now) {
  drop(subscription);
  if (!subscription.wanted) return erase(Subject{subscription.subject});
  schedule(subscription, now);
}

}  // namespace roamdesk::upstream
