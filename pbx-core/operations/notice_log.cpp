#include "pbx-core/operations/notice_log.hpp"

#include <chrono>

#include "common/log/log.hpp"
#include "exchange/element/call_record.hpp"

namespace roamdesk::core {
namespace {

void write(const element::PhoneDiscovered& e) {
  log::repeated(log::Level::info, "phone.discovered", e.mac.text(), {{"mac", e.mac.text()}});
}

void write(const element::SessionStarted& e) {
  log::info("session.started", {{"desk", e.session.desk}, {"extension", e.session.extension}});
}

void write(const element::SessionEnded& e) {
  log::info("session.ended",
            {{"desk", e.session.desk}, {"extension", e.session.extension}, {"reason", hotdesk::to_string(e.reason)}});
}

void write(const element::LoginFailed& e) {
  log::warning("login.failed", {{"desk", e.desk}, {"why", hotdesk::to_string(e.fault)}});
}

void write(const element::LoginTimed& e) {
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - e.since;
  log::info("login.answered", {{"desk", e.desk}, {"ok", e.ok}, {"ms", took.count()}});
}

void write(const element::CallChanged& e) {
  if (!e.began && !e.ended) return;
  const auto& call = e.call;
  const auto* what = e.began && e.ended ? "call.refused" : e.began ? "call.started" : "call.ended";
  const auto to = element::shown_number(call.to.number);
  // A caller without credentials is named by its address.
  if (const auto address = parse_ip(call.from.number))
    log::repeated(log::Level::info, what, to_string(address->source()),
                  {{"call", call.id}, {"from", call.from.number}, {"to", to}});
  else
    log::info(what, {{"call", call.id}, {"from", call.from.number}, {"to", to}});
}

void write(const element::Impostor& e) {
  log::repeated(log::Level::warning, "phone.impostor", to_string(e.peer.address.source()),
                {{"mac", e.mac.text()},
                 {"desk", e.desk},
                 {"site", e.site.value()},
                 {"peer", to_string(e.peer)},
                 {"what", e.what}});
}

void write(const element::ProvisioningRefused& e) {
  log::warning(
      "provisioning.suspicious",
      {{"why", e.why}, {"mac", e.mac ? e.mac->text() : ""}, {"site", e.site.value()}, {"peer", to_string(e.peer)}});
}

void write(const element::Trouble& e) {
  // By the address, not the port: a flood has many of those.
  const auto at = parse_endpoint(e.where);
  log::repeated(log::Level::warning, e.what,
                at ? to_string(at->address.source()) : e.where.substr(0, e.where.rfind(':')),
                {{"where", e.where}, {"detail", e.detail}});
}

// Each one: how often a trunk changes is bounded by its own timers.
void write(const element::TrunkChanged& e) {
  using enum trunks::Condition;
  if (e.condition == locating || e.condition == registering) return;  // what comes of it follows within seconds
  const auto condition = word_of(e.condition);
  if (e.condition == not_located || e.condition == refused || e.condition == unreachable || e.condition == silent)
    log::warning("trunk.changed", {{"trunk", e.name}, {"condition", condition}, {"reason", e.reason}});
  else
    log::info("trunk.changed", {{"trunk", e.name}, {"condition", condition}});
}

// Each one: the element tells of each caller once a minute, and of few strangers.
void write(const element::EmergencyCalled& e) {
  const auto& place = e.emergency.place;
  log::warning("emergency.called", {{"id", e.emergency.id},
                                    {"number", place.number},
                                    {"site", place.site},
                                    {"desk", place.desk},
                                    {"extension", place.extension},
                                    {"address", place.address},
                                    {"location", e.emergency.location},
                                    {"test", e.emergency.test},
                                    {"routed", e.emergency.routed}});
}

// For the event stream only, or logged where they happen.
void write(const element::PhoneChanged&) {}
void write(const element::DeskChanged&) {}
void write(const element::SbcConnected&) {}
void write(const element::SbcDisconnected&) {}

}  // namespace

void log_notice(const element::Notice& notice) {
  std::visit([](const auto& each) { write(each); }, notice);
}

}  // namespace roamdesk::core
