#pragma once
#include <boost/unordered/unordered_flat_map.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "common/base/time.hpp"
#include "common/sip/transaction_layer.hpp"
#include "exchange/element/registrations.hpp"
#include "exchange/element/senders.hpp"

namespace roamdesk::element {

// Notices phones that have vanished though their registration stands: one that hasn't been heard for a while is asked
// (OPTIONS, RFC 3261 §11), spread out. Only a phone that has answered such a question before is judged by its silence:
// some never do. Hot desks register every minute and are hardly ever asked.
class Qualifier {
 public:
  struct Times {
    Duration quiet = std::chrono::seconds{90};    // not heard for so long, and half as much again by chance
    Duration patience = std::chrono::seconds{6};  // for an answer; it is asked twice
    Duration again = std::chrono::seconds{30};    // between two questions to a phone that is gone
  };
  Qualifier(Context& context, sip::TransactionLayer& transactions, const Registrations& registrations)
      : context_(context), transactions_(transactions), registrations_(registrations) {}

  // It registered, or sent something with good credentials.
  void handle_heard(const Mac& device);
  // It has no registration any more.
  void handle_unregistered(const Mac& device);
  // What became of a request of ours.
  void handle_response(sip::ClientTx tx, const sip::Message& response);
  void handle_failure(sip::ClientTx tx);
  void handle_timeout();
  std::optional<TimePoint> deadline() const;

  // It is registered, and doesn't answer.
  bool is_gone(const Mac& device) const;
  std::size_t gone() const;

 private:
  enum class State : std::uint8_t { heard, asked, asked_again, gone };
  using Page = std::chrono::duration<std::uint32_t, std::deci>;  // since the machine's start; enough for 13 years
  struct Phone {
    TimePoint next{};  // when it is time to do something about it
    Page page{};       // on which it stands; 0: none
    State state = State::heard;
    bool answers = false;  // it has, once
  };
  void enter(const Mac& device, Phone& phone, State state, Duration next);
  void put_on_page(const Mac& device, Phone& phone);
  void look_at(const Mac& device, Phone& phone);
  void ask(const Mac& device);
  Duration spread(const Mac& device) const;

  Context& context_;
  sip::TransactionLayer& transactions_;
  const Registrations& registrations_;
  Times times_;
  boost::unordered_flat_map<Mac, Phone, std::hash<Mac>> phones_;
  // Phones by the tenth of a second in which they are looked at next. One that is heard, as each is again and again,
  // stays where it stands and is put off when its page is turned: that costs nothing. One that is to be looked at
  // sooner stands on a page before, too, and isn't minded on this one.
  std::map<Page, std::vector<Mac>> pages_;
  std::map<sip::ClientTx, Mac> under_way_;
};

}  // namespace roamdesk::element
