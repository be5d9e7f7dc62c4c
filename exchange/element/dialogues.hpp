#pragma once
#include <map>
#include <optional>

#include "exchange/calls/engine.hpp"
#include "exchange/element/desks.hpp"
#include "exchange/ivr/login_dialogue.hpp"

namespace roamdesk::element {

// Calls to the hot-desk codes: ties the voice dialogue to its call, its desk and the hot-desk machine.
class Dialogues {
 public:
  Dialogues(Context& context, calls::Engine& calls, Desks& desks) : context_(context), calls_(calls), desks_(desks) {}

  // Where a dialogue logs in or out, and who calls there.
  struct Place {
    HotDeskId desk;
    sip::FlowAddress dialled_at;
    std::optional<ExtensionNumber> person;
  };
  // No `place`: an announcement.
  void begin(calls::DialogueId id, std::optional<Place> place, ivr::Purpose purpose);
  // False: not a dialogue's event.
  bool handle(const calls::Event& event);
  void handle_timeout();
  std::optional<TimePoint> deadline() const;
  bool empty() const { return dialogues_.empty(); }

 private:
  struct Dialogue {
    ivr::LoginDialogue machine;
    std::optional<Place> place;
    ivr::Prompt playing{};
  };
  // `since`: when what is fed came in, if that wasn't just now.
  void feed(calls::DialogueId id, const ivr::Event& event, std::optional<TimePoint> since = std::nullopt);
  void perform(calls::DialogueId id, ivr::Effects effects, std::optional<TimePoint> since = std::nullopt);
  void submit_login(calls::DialogueId id, const ivr::SubmitLogin& login, TimePoint since);
  void submit_logout(calls::DialogueId id);

  Context& context_;
  calls::Engine& calls_;
  Desks& desks_;
  std::map<calls::DialogueId, Dialogue> dialogues_;
};

}  // namespace roamdesk::element
