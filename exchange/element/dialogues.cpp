#include "exchange/element/dialogues.hpp"

#include <algorithm>
#include <vector>

namespace roamdesk::element {

void Dialogues::begin(calls::DialogueId id, std::optional<Place> place, ivr::Purpose purpose) {
  dialogues_.emplace(id, Dialogue{ivr::LoginDialogue{std::move(purpose)}, std::move(place), {}});
}

bool Dialogues::handle(const calls::Event& event) {
  if (const auto* e = std::get_if<calls::DialogueAnswered>(&event))
    feed(e->id, ivr::Answered{});
  else if (const auto* digit = std::get_if<calls::DialogueDigit>(&event))
    feed(digit->id, ivr::Digit{digit->digit}, digit->at);
  else if (const auto* ended = std::get_if<calls::DialoguePromptEnded>(&event)) {
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

void Dialogues::feed(calls::DialogueId id, const ivr::Event& event, std::optional<TimePoint> since) {
  const auto found = dialogues_.find(id);
  if (found != dialogues_.end()) perform(id, found->second.machine.handle(event, context_.now.mono), since);
}

void Dialogues::perform(calls::DialogueId id, ivr::Effects effects, std::optional<TimePoint> since) {
  for (const auto& effect : effects) {
    if (const auto* play = std::get_if<ivr::Play>(&effect)) {
      if (const auto found = dialogues_.find(id); found != dialogues_.end()) found->second.playing = play->prompt;
      calls_.play(id, {ivr::name(play->prompt)});
    } else if (std::holds_alternative<ivr::StopPlaying>(effect)) {
      calls_.stop(id);
    } else if (const auto* collect = std::get_if<ivr::Collect>(&effect)) {
      calls_.collect(id, collect->on);
    } else if (const auto* login = std::get_if<ivr::SubmitLogin>(&effect)) {
      submit_login(id, *login, since.value_or(context_.now.mono));
    } else if (std::holds_alternative<ivr::SubmitLogout>(effect)) {
      submit_logout(id);
    } else if (std::holds_alternative<ivr::HangUp>(effect)) {
      calls_.hang_up(id, context_.now.mono);
    }
  }
}

void Dialogues::submit_login(calls::DialogueId id, const ivr::SubmitLogin& login, TimePoint since) {
  const auto found = dialogues_.find(id);
  if (found == dialogues_.end() || !found->second.place) return;
  const auto [desk, dialled_at, person] = *found->second.place;
  desks_.log_in(
      desk, login.extension, login.pin, hotdesk::LoginBy::code, "extension:" + login.extension.value(), desk.value(),
      [this, id, desk = desk, since](const Desks::LoginAnswer& answer) {
        ivr::LoginResult result = ivr::LoginResult::ok;
        if (!answer.ok) {
          switch (answer.outcome) {
            case hotdesk::LoginOutcome::failed:
              result = ivr::LoginResult::failed;
              break;
            case hotdesk::LoginOutcome::elsewhere:
              result = ivr::LoginResult::elsewhere;
              break;
            case hotdesk::LoginOutcome::unavailable:
              result = ivr::LoginResult::unavailable;
              break;
          }
        }
        feed(id, ivr::LoginAnswered{result});
        context_.world.publish(LoginAnswered{desk, since, answer.ok});
      },
      dialled_at);
}

void Dialogues::submit_logout(calls::DialogueId id) {
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
      perform(id, found->second.machine.handle_timeout(context_.now.mono));
}

std::optional<TimePoint> Dialogues::deadline() const {
  std::optional<TimePoint> earliest;
  for (const auto& [id, dialogue] : dialogues_)
    if (const auto deadline = dialogue.machine.deadline(); deadline && (!earliest || *deadline < *earliest))
      earliest = deadline;
  return earliest;
}

}  // namespace roamdesk::element
