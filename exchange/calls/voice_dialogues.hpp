#pragma once
#include <optional>
#include <string>
#include <vector>

#include "exchange/calls/legs.hpp"

namespace roamdesk::calls {

// Calls with only the voice dialogue at the other end.
class VoiceDialogues {
 public:
  VoiceDialogues(Context& context, Book& book, Streams& streams, Notices& notices, Answers& answers, Legs& legs)
      : context_(context), book_(book), streams_(streams), notices_(notices), answers_(answers), legs_(legs) {}

  // nullopt: it was refused.
  std::optional<DialogueId> start(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller);
  // Nothing for an id that is dead.
  void play(DialogueId dialogue, std::vector<std::string> prompts);
  void stop(DialogueId dialogue);
  void collect(DialogueId dialogue, bool on);
  // A key was pressed; heard once, however many sources tell of it. Nothing for a call of another kind.
  void digit(Call& call, char key, VoiceDialogue::Digits from, std::optional<TimePoint> at = std::nullopt);

 private:
  Leg* leg_of(DialogueId dialogue);

  Context& context_;
  Book& book_;
  Streams& streams_;
  Notices& notices_;
  Answers& answers_;
  Legs& legs_;
};

}  // namespace roamdesk::calls
