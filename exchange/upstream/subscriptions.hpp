#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "exchange/upstream/subscription.hpp"
#include "exchange/upstream/upstream.hpp"

namespace roamdesk::upstream {

// The subscriber of RFC 6665 at one upstream: one subscription for the mailbox of each account that is registered and
// isn't told by itself, and one for each number that is watched here, by however many (README.md has the table). Events
// and the time in, effects out. Servers, accounts and their credentials are the Upstream's.
class Subscriptions {
 public:
  Subscriptions(Upstream& upstream, std::string software, Upstream::Unique unique, SubscriptionTimes times = {})
      : upstream_(upstream), software_(std::move(software)), unique_(std::move(unique)), times_(times) {}

  // How those of one kind are.
  struct Counts {
    std::size_t all = 0, told = 0, refused = 0;
    std::string reason{};  // why the kind as a whole is refused, else one of the reasons; "" where nothing is
  };

  // ---- events
  // `asker`: whose account is to be used; nullopt for any that is registered.
  void watch(const std::string& number, std::optional<AccountNumber> asker, TimePoint now);
  void unwatch(const std::string& number, TimePoint now);
  // A mailbox was told of in no subscription.
  void told_unasked(AccountNumber account);
  // What the upstream has to say of its accounts and its server; after each visit to it.
  void follow(TimePoint now);
  // The upstream is about to go: nothing is known any more.
  void close();
  void answered(trunks::RequestId request, const sip::Message& response, TimePoint now);
  void failed(trunks::RequestId request, bool timed_out, TimePoint now);
  // A NOTIFY that comes from an address of the upstream, with a To tag of ours; the status to answer.
  int notified(const sip::Message& notify, TimePoint now);
  void handle_timeout(TimePoint now);
  std::optional<TimePoint> deadline() const;
  std::optional<SubscriptionEffect> poll_effect();

  // ---- state
  // Whether a subscription has this tag at our end.
  bool has(std::string_view tag) const { return tags_.contains(tag); }
  // Whether one more number can be watched, or this one is.
  bool takes(const std::string& number) const { return all_.contains({{}, number}) || numbers_ < times_.most_numbers; }
  Counts counts(bool mailboxes) const;
  std::size_t size() const { return all_.size(); }
  // nullptr where there is none.
  const Subscription* find(const Subject& subject) const;

 private:
  struct Request {
    Subject subject;
    bool farewell = false;
    bool first = false;  // of its dialog
    std::chrono::seconds asked{};
    sip::Message message;
    sip::Flow flow;
  };
  // Mailboxes, or numbers: what the upstream doesn't know of the one it may know of the other.
  struct Kind {
    std::set<std::pair<TimePoint, Subject>> due{};
    std::size_t under_way = 0;
    bool serves = false;  // the server has accepted one since it is used
    std::optional<TimePoint> held_until{};
    unsigned holds = 0;  // in a row
    std::string why{};
  };
  using All = std::map<Subject, Subscription>;

  // ---- subscriptions.cpp
  Kind& kind_of(const Subject& subject) { return kinds_[subject.is_mailbox() ? 0 : 1]; }
  Subscription& want(const Subject& subject, Duration in, TimePoint now);
  void unwant(Subscription& subscription, Duration in, TimePoint now);
  void schedule(Subscription& subscription, std::optional<TimePoint> at);
  void account_stands(AccountNumber account, bool registered, TimePoint now);
  void server_changed(TimePoint now);
  void work(TimePoint now);
  void begin(Subscription& subscription, TimePoint now);
  bool make_standing(Subscription& subscription, TimePoint now);
  void leave_what_is_over(Subscription& subscription, TimePoint now);
  bool may_try(Subscription& subscription, TimePoint now);
  void send(Subscription& subscription, bool farewell, TimePoint now);
  void put_under_way(Subscription& subscription, Request request, TimePoint now);
  void drop(Subscription& subscription);
  void erase(const Subject& subject);
  // Nobody wants it any more: what is under way still comes to its end.
  void give_up(const Subscription& subscription);
  void tell_dark(Subscription& subscription);
  Duration pause(Duration shortest, Duration longest, unsigned times);

  // ---- subscription_answers.cpp
  void accepted(Subscription& subscription, const Request& request, const sip::Message& ok, TimePoint now);
  void refused(Subscription& subscription, std::string why, Duration at_least, TimePoint now);
  void unanswered(Subscription& subscription, std::string why, Duration at_least, TimePoint now);
  void kind_refused(Subscription& subscription, std::string why, Duration at_least, TimePoint now);
  void farewell_answered(Subscription& subscription, Request request, const sip::Message& response, TimePoint now);
  void farewell_over(Subscription& subscription, TimePoint now);
  bool answer_challenge(Subscription& subscription, const Request& request, const sip::Message& response,
                        TimePoint now);
  void answer_refusal(Subscription& subscription, const Request& request, const sip::Message& response, TimePoint now);

  // ---- notifications.cpp
  void terminated(Subscription& subscription, std::string_view reason, std::optional<std::chrono::seconds> retry_after,
                  TimePoint now);
  void take_mailbox(const Subscription& subscription, const sip::Message& notify);
  void take_calls(Subscription& subscription, const sip::Message& notify, TimePoint now);

  Upstream& upstream_;
  std::string software_;
  Upstream::Unique unique_;
  SubscriptionTimes times_;
  All all_;
  std::size_t numbers_ = 0;                           // of them
  std::map<std::string, Subject, std::less<>> tags_;  // at our end, of what stands
  std::array<Kind, 2> kinds_{};
  std::map<trunks::RequestId, Request> requests_;
  std::uint64_t last_request_ = 0;
  TimePoint next_send_{};
  std::set<Subject> dormant_;           // numbers for which no account is registered now
  std::optional<TimePoint> dark_at_{};  // without a server until then, nothing is known any more
  std::deque<TimePoint> refusals_;      // within SubscriptionTimes::many_refusals_in
  std::deque<SubscriptionEffect> effects_;
};

}  // namespace roamdesk::upstream
