#include "exchange/element/dialogues.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace roamdesk::element {
namespace {

ivr::LoginResult result_of(const hotdesk::LoginEnded& ended) {
  const auto* refused = std::get_if<hotdesk::Refused>(&ended.how);
  if (!refused) return ivr::LoginResult::ok;
  switch (hotdesk::outcome_of(refused->fault)) {
    case hotdesk::LoginOutcome::failed:
      return ivr::LoginResult::failed;
    case hotdesk::LoginOutcome::elsewhere:
      return ivr::LoginResult::elsewhere;
    case hotdesk::LoginOutcome::unavailable:
      return ivr::LoginResult::unavailable;
  }
  return ivr::LoginResult::unavailable;
}

}  // namespace

void Dialogues::begin(calls::DialogueId id, std::optional<Place> place, const ivr::Purpose& purpose) {
  Dialogue dialogue{ivr::Dialogue{purpose}, std::move(place)};
  dialogue.call = calls_.call_of(id);
  if (std::holds_alternative<ivr::LoginDialogue::Purpose>(purpose)) dialogue.login.emplace();
  dialogues_.emplace(id, std::move(dialogue));
}

std::optional<Dialogues::Login> Dialogues::login_of(const calls::CallId& call) const {
  const auto found = std::find_if(dialogues_.begin(), dialogues_.end(),
                                  [&](const auto& one) { return one.second.login && one.second.call == call; });
  return found == dialogues_.end() ? std::nullopt : found->second.login;
}

bool Dialogues::handle(const calls::Event& event) {
  if (const auto* answered = std::get_if<calls::DialogueAnswered>(&event)) {
    feed(answered->id, ivr::Answered{});
  } else if (const auto* digit = std::get_if<calls::DialogueDigit>(&event)) {
    feed(digit->id, ivr::Digit{digit->digit}, digit->at.value_or(context_.now.mono));
  } else if (const auto* ended = std::get_if<calls::DialoguePromptEnded>(&event)) {
    if (const auto found = dialogues_.find(ended->id); found != dialogues_.end())
      feed(ended->id, ivr::PromptEnded{found->second.playing});
  } else if (const auto* over = std::get_if<calls::DialogueEnded>(&event)) {
    feed(over->id, ivr::CallerHungUp{});
    dialogues_.erase(over->id);
  } else {
    return false;
  }
  return true;
}

void Dialogues::feed(calls::DialogueId id, const ivr::Event& event, TimePoint since) {
  const auto found = dialogues_.find(id);
  if (found != dialogues_.end()) perform(id, found->second.machine.handle(event, context_.now.mono), since);
}

void Dialogues::perform(calls::DialogueId id, const ivr::Effects& effects, TimePoint since) {
  for (const auto& effect : effects) std::visit([&](const auto& its) { perform(id, its, since); }, effect);
}

void Dialogues::perform(calls::DialogueId id, const ivr::Play& effect, TimePoint) {
  if (const auto found = dialogues_.find(id); found != dialogues_.end()) found->second.playing = effect.prompt;
  calls_.play(id, {ivr::name(effect.prompt)});
}

void Dialogues::perform(calls::DialogueId id, const ivr::StopPlaying&, TimePoint) { calls_.stop(id); }

void Dialogues::perform(calls::DialogueId id, const ivr::Collect& effect, TimePoint) { calls_.collect(id, effect.on); }

void Dialogues::perform(calls::DialogueId id, const ivr::HangUp&, TimePoint) { calls_.hang_up(id, context_.now.mono); }

void Dialogues::perform(calls::DialogueId id, const ivr::SubmitLogin& login, TimePoint since) {
  const auto found = dialogues_.find(id);
  if (found == dialogues_.end() || !found->second.place) return;
  const HotDeskId desk = found->second.place->desk;
  const sip::FlowAddress dialled_at = found->second.place->dialled_at;
  // What is no extension may be a PIN that was typed too soon.
  if (context_.directory.extension(login.extension)) found->second.login->who = login.extension;
  desks_.log_in(
      desk, login.extension, login.pin, hotdesk::LoginBy::code, "extension:" + login.extension.value(), desk.value(),
      [this, id, desk, since](const hotdesk::LoginEnded& ended) {
        const auto result = result_of(ended);
        if (const auto still = dialogues_.find(id); still != dialogues_.end()) still->second.login->result = result;
        feed(id, ivr::LoginAnswered{result});
        context_.world.publish(LoginTimed{desk, since, result == ivr::LoginResult::ok});
      },
      dialled_at);
}

void Dialogues::perform(calls::DialogueId id, const ivr::SubmitLogout&, TimePoint) {
  const auto found = dialogues_.find(id);
  if (found == dialogues_.end() || !found->second.place) return;
  const HotDeskId desk = found->second.place->desk;
  const auto who = found->second.place->person;
  desks_.log_out(
      desk, hotdesk::EndReason::code, who ? "extension:" + who->value() : desk.value(), desk.value(),
      [this, id](bool was_logged_in) {
        feed(id, ivr::LogoutAnswered{was_logged_in ? ivr::LogoutResult::logged_out : ivr::LogoutResult::not_logged_in});
      });
}

void Dialogues::handle_timeout() {
  std::vector<calls::DialogueId> due;
  for (const auto& [id, dialogue] : dialogues_)
    if (const auto deadline = dialogue.machine.deadline(); deadline && *deadline <= context_.now.mono)
      due.push_back(id);
  for (const auto id : due)
    if (const auto found = dialogues_.find(id); found != dialogues_.end())
      perform(id, found->second.machine.handle_timeout(context_.now.mono), context_.now.mono);
}

std::optional<TimePoint> Dialogues::deadline() const {
  std::optional<TimePoint> earliest;
  for (const auto& [id, dialogue] : dialogues_)
    if (const auto deadline = dialogue.machine.deadline(); deadline && (!earliest || *deadline < *earliest))
      earliest = deadline;
  return earliest;
}

}  // namespace roamdesk::element
