#pragma once
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/sip/dialog.hpp"
#include "exchange/presence/dialog_info.hpp"
#include "exchange/upstream/account.hpp"

namespace roamdesk::upstream {

// What an upstream is asked about: the mailbox of an account (RFC 3842), or the calls of a number that lives there
// (RFC 4235).
struct Subject {
  AccountNumber account{};  // 0 where it is a number
  std::string number{};     // user part there; "" where it is a mailbox
  bool is_mailbox() const { return number.empty(); }
  friend auto operator<=>(const Subject&, const Subject&) = default;
};

// A subscription upstream: what it is about, what stands of it, and what is to be done next.
struct Subscription {
  // The dialog of it (RFC 6665 §4.1.2): from the first SUBSCRIBE on, since its NOTIFY may be faster than its answer.
  struct Standing {
    sip::Dialog dialog;
    AccountNumber by{};  // as whom
    trunks::ServerKey server;
    sip::Flow flow;
    TimePoint since{};
    std::optional<TimePoint> until{};  // nullopt: nothing has answered it yet
  };

  Subject subject;
  std::optional<AccountNumber> asker{};  // whose account is used, as long as that is registered
  bool wanted = true;
  std::optional<TimePoint> due{};              // the next SUBSCRIBE
  std::optional<trunks::RequestId> request{};  // under way
  unsigned rounds = 0;                         // of challenges and corrections to this one
  unsigned failures = 0;                       // without an answer, or with one that speaks of the server; in a row
  unsigned refused_in_row = 0;
  bool accepted = false;     // once, at least
  bool unsolicited = false;  // of a mailbox: it is told without having been asked
  bool refused = false;
  std::string why{};  // it is refused, or waits
  std::optional<Standing> standing{};

  // ---- of a number: what has been told
  std::map<std::string, presence::DialogInfo> dialogs{};  // by their ids there
  std::uint32_t version = 0;
  bool known = false;  // all of it, by a `full` word in this dialog
  TimePoint asked_again{};
  bool lit = false;  // what was said of it last wasn't "no calls"
};

struct SubscriptionTimes {
  Duration gap = std::chrono::milliseconds{40};  // between two SUBSCRIBEs, whatever they are about: 25 a second
  std::size_t most_under_way = 16;               // of a kind; 1 until a server has accepted one
  Duration settle = std::chrono::seconds{5};     // an upstream that tells of mailboxes by itself has done so by then
  std::chrono::seconds expires{600};
  Duration soonest_refresh = std::chrono::seconds{10};
  // Without an answer, or with one that speaks of the server; and after a life that was shorter. Twice as long each
  // time.
  Duration shortest_pause = std::chrono::seconds{15}, longest_pause = std::chrono::minutes{5};
  // After a refusal; of a kind as a whole where the upstream doesn't serve it. Twice as long each time.
  Duration refused = std::chrono::hours{1}, longest_refused = std::chrono::hours{24};
  unsigned most_rounds = 4;
  // 401, 403 and 407 to subjects that were never accepted, within `many_refusals_in`: filters that ban count them.
  std::size_t most_refusals = 20;
  Duration many_refusals_in = std::chrono::minutes{10};
  Duration linger = std::chrono::seconds{30};         // of a number that nobody watches any more
  Duration unknown_after = std::chrono::seconds{15};  // without a server
  std::size_t most_numbers = 5'000;
};

// ---- what subscriptions want done
// A SUBSCRIBE in a new transaction; answered by answered() or failed().
struct Subscribe {
  trunks::RequestId request;
  sip::Flow flow;
  sip::Message message;
};
struct MailboxTold {
  std::string extension;
  presence::MailboxState state;
};
// All calls of the number; none where nothing is known any more.
struct CallsTold {
  std::string number;
  std::vector<presence::DialogInfo> dialogs;
};
// The upstream doesn't serve this kind of subscription.
struct KindRefused {
  bool mailboxes = false;
  std::string why;
};
using SubscriptionEffect = std::variant<Subscribe, MailboxTold, CallsTold, KindRefused>;

}  // namespace roamdesk::upstream
