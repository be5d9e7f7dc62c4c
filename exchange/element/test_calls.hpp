#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "common/base/words.hpp"
#include "common/sip/dialog.hpp"
#include "common/sip/transaction_layer.hpp"
#include "exchange/element/senders.hpp"
#include "exchange/element/trunk_calls.hpp"

namespace roamdesk::element {

// How far a test call came.
enum class TestResult : std::uint8_t {
  calling,
  rings,
  answered,
  refused,   // `status` and `reason` are the provider's
  no_answer  // from the server within 20 s, or no ringing
};

// Calls of the core's own by a trunk, for an administrator who wants to know whether it carries any: an INVITE, until
// it rings, is answered or is refused; then it ends at once. Nobody speaks in it. One at a time by each trunk.
class TestCalls {
 public:
  struct Report {
    std::string number;  // E.164
    std::string called;  // as the trunk was asked for it
    std::string server;  // "192.0.2.1:5060"
    TestResult result = TestResult::calling;
    int status = 0;      // of the newest response; 0: none came
    std::string reason;  // its phrase, as far as it can be shown
    TimePoint since{};
    Duration took{};  // until the result
  };
  // An RTP port at that site and face, and back: the offer names one.
  struct Ports {
    std::function<std::optional<Endpoint>(const SiteId&, IpAddress)> allocate;
    std::function<void(const SiteId&, Endpoint)> release;
  };
  TestCalls(Context& context, sip::TransactionLayer& transactions, Outside& outside, TrunkCalls& trunk_calls,
            Ports ports)
      : context_(context),
        transactions_(transactions),
        outside_(outside),
        trunk_calls_(trunk_calls),
        ports_(std::move(ports)) {}

  // Why there can't be such a call now, in words; nullopt where there can. `number` in E.164: so it can't be an
  // emergency number, nor a short one of which nobody knows what it costs.
  std::optional<std::string> fault(const std::string& trunk, const std::string& number) const;
  // Begins it; what comes of it is the trunk's report. Nothing while one is under way.
  void start(const std::string& trunk, const std::string& number);
  // Of the trunk's newest one; nullptr where there was none since the start.
  const Report* report(const std::string& trunk) const;

  void handle_response(const sip::ResponseReceived& e);
  void handle_failure(sip::ClientTx tx);
  void handle_timeout();
  std::optional<TimePoint> deadline() const;

 private:
  struct Run {
    std::string name;  // of the trunk
    trunks::TrunkNumber trunk;
    calls::TollId toll;
    sip::Flow flow;
    sip::Dialog dialog;
    sip::Message invite;
    std::optional<Endpoint> media;
    TimePoint patience{};  // of who waits for the result, then for the last answer
    unsigned rounds = 0;
    bool over = false;  // its result is there; it waits for the last answer
  };
  using Runs = std::map<sip::ClientTx, Run>;
  bool is_under_way(const std::string& trunk) const;
  void progress(Runs::iterator run, const sip::Message& response);
  void answer(Runs::iterator run, const sip::Message& response);
  void finish(Run& run, TestResult result);
  void take_back(Runs::iterator run, TestResult result);
  void forget(Runs::iterator run);
  bool ask_again(Runs::iterator run, const sip::Message& challenge);

  static constexpr std::chrono::seconds longest{20}, last_answer{40};
  static constexpr unsigned most_rounds = 3;

  Context& context_;
  sip::TransactionLayer& transactions_;
  Outside& outside_;
  TrunkCalls& trunk_calls_;
  Ports ports_;
  Runs runs_;
  std::map<sip::ClientTx, std::pair<trunks::TrunkNumber, sip::Message>> byes_;  // that may be challenged
  std::map<std::string, Report> reports_;                                       // of trunks that there are
};

}  // namespace roamdesk::element

namespace roamdesk {
template <>
inline constexpr std::array<std::string_view, 5> words<element::TestResult> = {"calling", "rings", "answered",
                                                                               "refused", "no_answer"};
}  // namespace roamdesk
