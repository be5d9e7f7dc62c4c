#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/calls/book.hpp"
#include "exchange/calls/context.hpp"
#include "exchange/calls/survival.hpp"
#include "exchange/presence/dialog_info.hpp"

namespace roamdesk::calls {

// What others see of the calls: events, and the state that they ask for.
class Notices {
 public:
  Notices(Context& context, Book& book, Survival& survival) : context_(context), book_(book), survival_(survival) {}

  // The call may have changed: CallChanged if it has.
  void tell(Call& call);
  // It is over, and isn't in the book any more. `status`: why.
  void ended(const Call& call, int status);
  // A call that began and ended at once.
  void refused(const sip::Flow& flow, const sip::Message& invite, const Caller& caller, Party callee, int status);
  void joined(const Leg& leg, const Call& call);
  void dialogs_changed(const Leg& leg);
  // The number of its peer's dialogs is another one.
  void counted(const std::optional<PeerId>& peer);

  std::vector<CallInfo> calls() const;
  // The caller's and the callee's of a call that is up, as far as they are there; nullopt where there is no such call.
  std::optional<std::vector<PartyMedia>> media(const CallId& call) const;
  std::vector<presence::DialogInfo> dialogs(std::string_view number) const;

 private:
  CallInfo info(const Call& call) const;

  Context& context_;
  Book& book_;
  Survival& survival_;
};

}  // namespace roamdesk::calls
