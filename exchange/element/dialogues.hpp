#pragma once
#include <map>
#include <optional>

#include "exchange/calls/engine.hpp"
#include "exchange/element/desks.hpp"
#include "exchange/ivr/dialogue.hpp"

namespace roamdesk::element {

// Calls that a voice dialogue has taken: ties it to its call, its desk and the hot-desk machine.
class Dialogues {
 public:
  Dialogues(Context& context, calls::Engine& calls, Desks& desks) : context_(context), calls_(calls), desks_(desks) {}

  // Where a dialogue logs in or out, and who calls there.
  struct Place {
    HotDeskId desk;
    sip::FlowAddress dialled_at;
    std::optional<ExtensionNumber> person;
  };
  // `place`: nullopt where the phone isn't a hot desk.
  void begin(calls::DialogueId id, std::optional<Place> place, const ivr::Purpose& purpose);
  // False: not a dialogue's event.
  bool handle(const calls::Event& event);
  void handle_timeout();
  std::optional<TimePoint> deadline() const;
  bool empty() const { return dialogues_.empty(); }

  // What a call in which somebody logs in has come to: of the last PIN that was typed there.
  struct Login {
    ExtensionNumber who;                     // empty as long as nobody that there is has been named
    std::optional<ivr::LoginResult> result;  // nullopt: none was answered
  };
  // nullopt where it is no such call; asked before its end is handled.
  std::optional<Login> login_of(const calls::CallId& call) const;

 private:
  struct Dialogue {
    ivr::Dialogue machine;
    std::optional<Place> place;
    ivr::Prompt playing{};
    std::optional<calls::CallId> call{};
    std::optional<Login> login{};  // of one that asks for a PIN
  };
  // `since`: when what is fed came in.
  void feed(calls::DialogueId id, const ivr::Event& event, TimePoint since);
  void feed(calls::DialogueId id, const ivr::Event& event) { feed(id, event, context_.now.mono); }
  // Carries out what a dialogue wants done.
  void perform(calls::DialogueId id, const ivr::Effects& effects, TimePoint since);
  void perform(calls::DialogueId id, const ivr::Play& effect, TimePoint since);
  void perform(calls::DialogueId id, const ivr::StopPlaying& effect, TimePoint since);
  void perform(calls::DialogueId id, const ivr::Collect& effect, TimePoint since);
  void perform(calls::DialogueId id, const ivr::SubmitLogin& effect, TimePoint since);
  void perform(calls::DialogueId id, const ivr::SubmitLogout& effect, TimePoint since);
  void perform(calls::DialogueId id, const ivr::HangUp& effect, TimePoint since);

  Context& context_;
  calls::Engine& calls_;
  Desks& desks_;
  std::map<calls::DialogueId, Dialogue> dialogues_;
};

}  // namespace roamdesk::element
