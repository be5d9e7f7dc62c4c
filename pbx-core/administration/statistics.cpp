#include <algorithm>
#include <cmath>
#include <utility>

#include "exchange/model/emergency_route.hpp"
#include "pbx-core/administration/administration.hpp"

// What the console's first page shows, and what tells it to look again.
namespace roamdesk::administration {
namespace {

constexpr std::size_t most_attention = 200, most_without_route = 50;
// A line that loses more can be heard to (contract's dashboard: "a line that loses packets").
constexpr double audible_loss = 0.01;
// Emergency calls that are shown: an administrator who comes to work the next morning sees them.
constexpr std::size_t most_emergencies = 20;
constexpr std::chrono::hours emergencies_shown{24};

}  // namespace

api::Numbers Administration::numbers() const {
  api::Numbers n;
  n.sites = n.sites_up = 1;
  for (const auto& [name, sbc] : directory().sbcs()) {
    if (sbc.certificate_serial.empty()) {  // not there yet, which isn't being down
      ++n.sbcs_not_enrolled;
      continue;
    }
    ++n.sites;
    if (const auto info = door_.sbc(name); info && info->connected) ++n.sites_up;
  }
  n.desks = directory().desks().size();
  n.desks_in_use = directory().sessions().size();
  n.phones = directory().phones().size();
  for (const auto& [mac, phone] : directory().phones())
    if (!phone.assigned) ++n.phones_unassigned;
  const auto& discovered = element_.onboarding().discoveries().all();
  for (const auto& [mac, entry] : discovered)
    if (!directory().phone(mac)) {
      ++n.phones;
      ++n.phones_unassigned;
    }
  for (const auto& [id, desk] : directory().desks())
    if (!directory().phone(desk.mac) && !discovered.contains(desk.mac)) ++n.desks_without_phone;
  n.phones_online = element_.phones_online();
  n.extensions = directory().extensions().size();
  n.calls = element_.calls().size();
  n.logins_today = history_.logins_since(midnight_());
  return n;
}

api::Statistics Administration::statistics() const {
  api::Statistics all;
  all.now = numbers();
  all.history = history_.last_day(now_().wall);
  all.without_route = places_without_route(directory(), settings());
  all.without_route_total = all.without_route.size();
  if (all.without_route_total > most_without_route) all.without_route.resize(most_without_route);
  const auto add = [&](api::Attention attention) {
    if (++all.attention_total <= most_attention) all.attention.push_back(std::move(attention));
  };
  for (const auto& call : emergencies_)
    if (now_().wall - *call.at < emergencies_shown) add(acknowledged(call));
  for (const auto& [name, sbc] : directory().sbcs()) {
    const auto view = this->view(sbc);
    if (!view.connected && !sbc.certificate_serial.empty()) add({.kind = "sbc_down", .sbc = name});
    if (view.loss && *view.loss > audible_loss) add({.kind = "line_loss", .sbc = name, .value = view.loss});
  }
  for (const auto& [number, extension] : directory().extensions())
    if (const auto until = element_.desks().machine().locked_until(number, now_().mono))
      add({.kind = "locked", .extension = number.value(), .until = element_.wall(*until)});
  for (const auto& [id, desk] : directory().desks()) {
    // All ways have been tried, and its phone still isn't what it should be.
    const auto state = element_.desks().machine().view(id);
    if (state && state->problem != hotdesk::DeskProblem::none)
      add({.kind = std::string("desk_") + hotdesk::to_string(state->problem),
           .mac = desk.mac.text(),
           .hot_desk = id.value()});
  }
  for (const auto& [mac, phone] : directory().phones()) {
    if (!phone.assigned) continue;
    const auto view = this->view(phone);
    const auto* desk = std::get_if<HotDeskId>(&view.assigned_to);
    const std::string at = desk ? desk->value() : "";
    if (view.state == api::PhoneState::needs_restart) add({.kind = "needs_restart", .mac = mac.text(), .hot_desk = at});
    if (!view.firmware_ok) add({.kind = "firmware_outdated", .mac = mac.text(), .hot_desk = at});
  }
  return all;
}

// People are told of a caller once a minute: what they were told last of this one when it called.
api::Attention Administration::acknowledged(api::Attention call) const {
  constexpr std::chrono::seconds slack{2};
  const auto& place = *call.emergency;
  const auto address = [](const EmergencyPlace& at) { return at.address.substr(0, at.address.rfind(':')); };
  const Emergency* told = nullptr;
  for (const auto& [id, one] : directory().all<Emergency>()) {
    const bool same = one.place.phone == place.phone && one.place.site == place.site &&
                      (place.phone || address(one.place) == address(place));
    if (same && one.at <= *call.at + slack && (!told || told->at < one.at)) told = &one;
  }
  if (told && told->acknowledged) {
    call.acknowledged = told->acknowledged;
    call.acknowledged_by = told->acknowledged_by;
  }
  return call;
}

void Administration::note_emergency(const element::CallChanged& call) {
  const auto& place = *call.emergency;
  // A call that has become one for help by a transfer is shown as well, but not where who handed over had called.
  const auto at = call.began ? element_.wall(call.call.since) : now_().wall;
  const bool known = std::any_of(emergencies_.begin(), emergencies_.end(), [&](const api::Attention& one) {
    return one.emergency == place && at - *one.at < std::chrono::hours{1};
  });
  if (!call.began && (known || !call.call.help)) return;
  emergencies_.push_front({.kind = "emergency_call",
                           .mac = place.phone ? place.phone->text() : "",
                           .hot_desk = place.desk,
                           .extension = place.extension,
                           .call = call.call.id.value(),
                           .at = at,
                           .emergency = place});
  if (emergencies_.size() > most_emergencies) emergencies_.pop_back();
}

std::vector<api::Event> Administration::sample() {
  const auto now = now_();
  std::vector<api::Event> events;
  if (!came_or_went_.empty())
    element_.commit(
        std::exchange(came_or_went_, {}), [](bool) {}, now);
  note_lines(now);
  history_.sample(now.wall, element_.calls().size(), directory().sessions().size());
  const auto numbers = this->numbers();
  if (numbers != told_ || touched_) events.emplace_back(api::StatsChanged{numbers});
  told_ = numbers;
  touched_ = false;

  std::erase_if(lines_, [&](const auto& line) { return !directory().sbc(line.first); });
  for (const auto& [name, sbc] : directory().sbcs()) {
    const auto info = door_.sbc(name);
    if (!info || !info->connected) continue;
    const Line line{std::lround(std::chrono::duration<double, std::milli>(info->rtt).count()),
                    std::lround(info->loss * 1000), info->streams, info->uses, now.mono};
    auto [known, fresh] = lines_.try_emplace(name, line);
    const bool soon = known->second.same_as(line) || now.mono - known->second.told < std::chrono::seconds{10};
    if (!fresh && known->second.uses == line.uses && soon) continue;
    known->second = line;
    events.emplace_back(api::SbcChanged{view(sbc)});
  }
  return events;
}

}  // namespace roamdesk::administration
