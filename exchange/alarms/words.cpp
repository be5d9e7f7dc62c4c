#include "exchange/alarms/words.hpp"

#include <fmt/format.h>

namespace roamdesk::alarms {
namespace {

// With the subject where it has one, and of several else.
struct Sentence {
  std::string_view one, several;
};

Sentence sentence_of(AlarmKind kind) {
  switch (kind) {
    case AlarmKind::sbc_down:
      return {"The SBC {} is down", "SBCs are down"};
    case AlarmKind::line_bad:
      return {"The line to {} is bad", "Lines are bad"};
    case AlarmKind::phone_gone:
      return {"The phone {} is gone", "Phones are gone"};
    case AlarmKind::trunk_away:
      return {"The trunk {} is away", "Trunks are away"};
    case AlarmKind::upstream_away:
      return {"The upstream {} is away", "Upstreams are away"};
    case AlarmKind::provisioning_refused:
      return {"A phone's configuration was refused to {}", "Phones' configurations were refused"};
    case AlarmKind::attack:
      return {"Attack: {}", "Attacks"};
    case AlarmKind::password_guessing:
      return {"Somebody guesses passwords: {}", "Many guess passwords"};
    case AlarmKind::disk_full:
      return {"The disk is nearly full: {}", "Disks are nearly full"};
    case AlarmKind::certificate_ends:
      return {"A certificate ends soon: {}", "Certificates end soon"};
    case AlarmKind::backup_old:
      return {"There is no recent backup of {}", "There is no recent backup"};
    case AlarmKind::update_failed:
      return {"An update of {} failed", "Updates failed"};
    case AlarmKind::emergency_call:
      return {"Emergency call: {}", "Emergency calls"};
  }
  return {"{}", ""};
}

}  // namespace

std::string headline(const Alarm& alarm) {
  const auto sentence = sentence_of(alarm.kind);
  // A call's own name is a long number that says nothing to people; who has called whom is in the detail.
  const bool by_detail = alarm.kind == AlarmKind::emergency_call && !alarm.subject.empty() && !alarm.detail.empty();
  const auto& subject = by_detail ? alarm.detail : alarm.subject;
  std::string text = subject.empty() ? std::string(sentence.several) : fmt::format(fmt::runtime(sentence.one), subject);
  if (!alarm.site.empty() && alarm.site != alarm.subject) text += fmt::format(", site {}", alarm.site);
  if (!alarm.detail.empty() && !by_detail) text += fmt::format(" ({})", alarm.detail);
  return text;
}

std::string_view advice(AlarmKind kind) {
  switch (kind) {
    case AlarmKind::sbc_down:
      return "Phones at this branch can't call. See whether the branch has power and a line, and whether the SBC "
             "runs; its own log says why it doesn't reach the core.";
    case AlarmKind::line_bad:
      return "Calls over this line sound bad. See what else uses the line, and ask its provider.";
    case AlarmKind::phone_gone:
      return "The phone isn't registered any more. See whether it has power and a network; restart it.";
    case AlarmKind::trunk_away:
      return "Calls outside don't leave by this trunk. The page Trunks says what its provider answers.";
    case AlarmKind::upstream_away:
      return "The extensions' accounts at this exchange don't work. The page Trunks says what it answers.";
    case AlarmKind::provisioning_refused:
      return "Somebody asked for a phone's configuration, which holds its credentials, from where the phone isn't "
             "expected. If it was moved, provision it again; else find out who it was.";
    case AlarmKind::attack:
      return "Somebody floods the system, or uses credentials that aren't theirs. Calls go on; close the port to "
             "those who need no access, and find out who it is.";
    case AlarmKind::password_guessing:
      return "Wrong passwords or PINs have locked the log-in for a while. Ask the person; if it was somebody else, "
             "change the password, and close the address out.";
    case AlarmKind::disk_full:
      return "When the disk is full, nothing can be changed and no call is recorded. Delete what isn't needed, or "
             "make the disk larger.";
    case AlarmKind::certificate_ends:
      return "When it has ended, what it is for isn't trusted any more. Renew it.";
    case AlarmKind::backup_old:
      return "Make a backup, in the console or by `pbx-core backup`, and keep it elsewhere.";
    case AlarmKind::update_failed:
      return "The version before runs again. Of a branch the page SBCs says why, and the others weren't touched; of "
             "the "
             "core the log of its machine does. Install a later one.";
    case AlarmKind::emergency_call:
      return "Somebody has called for help. Find out what has happened, and acknowledge the call.";
  }
  return "";
}

}  // namespace roamdesk::alarms
