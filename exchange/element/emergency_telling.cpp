#include "exchange/element/emergency_telling.hpp"

#include <algorithm>
#include <utility>

#include "common/base/utf8.hpp"
#include "exchange/element/emergency.hpp"
#include "exchange/element/peers.hpp"
#include "exchange/ivr/prompt.hpp"
#include "exchange/model/emergency_route.hpp"
#include "exchange/model/location_of.hpp"

namespace roamdesk::element {
namespace {

// Who calls: its phone, or what counts as one source where a stranger calls.
std::string source_of(const EmergencyPlace& place) {
  if (place.phone) return place.phone->text();
  const auto at = parse_endpoint(place.address);
  return place.site.value() + ' ' + (at ? to_string(at->address.source()) : place.address);
}

bool has(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

std::string alert_display(const Emergency& emergency, const Location* location) {
  const auto& place = emergency.place;
  std::string text = emergency.test ? "Test " : "";
  const auto add = [&text](const std::string& part) {
    if (part.empty()) return;
    if (!text.empty() && text.back() != ' ') text += ' ';
    text += part;
  };
  add(place.number);
  if (!place.desk.empty())
    add(place.desk);
  else if (!place.extension.empty())
    add(place.extension + (place.name.empty() ? "" : " " + place.name));
  else
    add(place.address.substr(0, place.address.rfind(':')));
  // Where it is: what the desk says is nearer than what its location says.
  if (!place.location.empty()) {
    add(place.location);
  } else if (location) {
    add(location->address.flr);
    add(location->address.room);
    if (location->address.flr.empty() && location->address.room.empty()) add(location->name);
  } else {
    add(place.site.value());
  }
  constexpr std::size_t longest = 60;
  std::string shown;
  for (std::string_view rest = text; !rest.empty();) {
    const auto [value, length] = first_code_point(rest);
    const std::string_view next = length == 0 ? "?" : value < 0x20 || value == 0x7f ? " " : rest.substr(0, length);
    if (shown.size() + next.size() > longest) break;
    shown += next;
    rest.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return shown;
}

std::vector<std::string> alert_prompts(const Emergency& emergency) {
  std::vector<std::string> prompts;
  const auto say = [&prompts](ivr::Prompt prompt) { prompts.emplace_back(ivr::name(prompt)); };
  const auto spell = [&prompts](const std::string& text) {
    for (const char c : text)
      if (c >= '0' && c <= '9') prompts.emplace_back(ivr::digit_name(c));
  };
  say(emergency.test ? ivr::Prompt::emergency_test : ivr::Prompt::emergency_called);
  spell(emergency.place.number);
  if (!emergency.place.desk.empty()) {
    say(ivr::Prompt::at_hot_desk);
    spell(emergency.place.desk);
  } else if (!emergency.place.extension.empty()) {
    say(ivr::Prompt::at_extension);
    spell(emergency.place.extension);
  }
  say(ivr::Prompt::see_display);
  return prompts;
}

void EmergencyTelling::called(const EmergencyPlace& place, const std::string& callback) {
  const auto now = context_.now.mono;
  const auto source = source_of(place);
  const auto& all = context_.directory.all<Emergency>();
  if (const auto* known = allowance_.told(source, now)) {
    const auto record = all.find(*known);
    if (record == all.end() || !record->second.acknowledged) return;
  }
  const auto* location = location_of(context_.directory, context_.settings(), place.site, place.phone);
  Emergency emergency{.id = context_.unique(), .at = context_.now.wall, .place = place, .callback = callback};
  emergency.test = location && has(location->test_numbers, place.number);
  emergency.routed = emergency_route(context_.directory, location) == EmergencyRoute::ready;
  emergency.location = location ? location->name : "";
  allowance_.note(source, emergency.id, now);

  context_.world.publish(EmergencyCalled{emergency});
  if (location && allowance_.may_ring(!place.phone, now)) ring(emergency, *location);
  auto changes = forgotten(!place.phone);
  changes.push_back(Put<Emergency>{std::move(emergency)});
  context_.commit(std::move(changes));
}

Changes EmergencyTelling::forgotten(bool stranger) const {
  Changes changes;
  const Emergency *acknowledged = nullptr, *strangers = nullptr, *any = nullptr;
  const auto older = [](const Emergency*& oldest, const Emergency& one) {
    if (!oldest || one.at < oldest->at) oldest = &one;
  };
  std::size_t of_strangers = 0;
  const auto& all = context_.directory.all<Emergency>();
  for (const auto& [id, one] : all) {
    older(any, one);
    if (one.acknowledged) {
      older(acknowledged, one);
    } else if (!one.place.phone) {
      ++of_strangers;
      older(strangers, one);
    }
  }
  if (stranger && of_strangers >= most_of_strangers)
    changes.push_back(Delete<Emergency>{strangers->id});
  else if (all.size() >= most_records)
    changes.push_back(Delete<Emergency>{(acknowledged ? acknowledged : strangers ? strangers : any)->id});
  return changes;
}

void EmergencyTelling::ring(const Emergency& emergency, const Location& location) {
  const auto source = source_of(emergency.place);
  std::vector<calls::Target> targets;
  for (const auto& number : location.told)
    for (auto& target : targets_of_(number)) {
      const bool own = emergency.place.phone && target.peer == peer_of(*emergency.place.phone);
      const bool twice = std::any_of(targets.begin(), targets.end(),
                                     [&](const calls::Target& one) { return one.peer == target.peer; });
      if (!own && !twice) targets.push_back(std::move(target));
    }
  // Called back, it leads to the person or to nobody: never to the emergency number, which is only shown.
  const auto& place = emergency.place;
  calls::Party from{!place.extension.empty() ? place.extension
                    : !place.desk.empty()    ? place.desk
                                             : "emergency",
                    alert_display(emergency, &location)};
  const auto call = calls_.alert(std::move(from), std::move(targets), alert_prompts(emergency), context_.now.mono);
  if (call) {
    alerts_.emplace(*call, Alert{emergency.id, source});
    return;
  }
  if (!location.told.empty())
    context_.world.publish(
        Trouble{"emergency.nobody_rung", source, "no phone of those who are to be told is registered"});
}

void EmergencyTelling::handle(const calls::CallChanged& changed) {
  const auto found = alerts_.find(changed.info.id);
  if (found == alerts_.end()) return;
  const auto& info = changed.info;
  if (!changed.ended) {
    if (info.answered && !std::exchange(found->second.heard, true))
      context_.audit("emergency.heard", info.to.number, info.to_site.value(), found->second.emergency);
    return;
  }
  if (!found->second.heard)
    context_.world.publish(Trouble{"emergency.not_heard", found->second.source, "nobody has answered within 60 s"});
  alerts_.erase(found);
}

}  // namespace roamdesk::element
