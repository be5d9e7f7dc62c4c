#include <gtest/gtest.h>

#include "tests/sim/element/simulation.hpp"

// What administrators and people do, and what is to be seen afterwards.
namespace roamdesk::sim {

api::Answer Simulation::ask(const std::function<void(api::Done)>& question) {
  const auto answer = std::make_shared<std::optional<api::Answer>>();
  question([answer](api::Answer a) { *answer = std::move(a); });
  run_until([&] { return answer->has_value(); }, 60s);
  if (!*answer) {
    ADD_FAILURE() << "the administration doesn't answer";
    return {api::Outcome::unavailable, "no answer"};
  }
  return **answer;
}

api::Answer Simulation::add_extension(const std::string& number, bool hot_desking) {
  Extension extension;
  extension.number = ExtensionNumber{number};
  extension.name = "Person " + number;
  extension.pin_hash = "hash of " + pin_of(number);
  extension.hot_desking = hot_desking;
  return ask([&](api::Done done) { console().create_extension(extension, admin(), done); });
}

api::Answer Simulation::change(Change change) {
  return ask([&](api::Done done) {
    console().change([change](const Directory&) -> api::Domain::Decision { return Changes{change}; }, admin(), done);
  });
}

api::Answer Simulation::delete_extension(const std::string& number) {
  return ask([&](api::Done done) { console().delete_extension(ExtensionNumber{number}, admin(), done); });
}

api::Answer Simulation::define_desk(const DeskPhone& phone) {
  return ask([&](api::Done done) {
    console().create_desk({phone.mac(), phones::Vendor::yealink, "T33G", phone.site(), std::nullopt, {}}, admin(),
                          done);
  });
}

api::Answer Simulation::delete_desk(const DeskPhone& phone) {
  return ask([&](api::Done done) { console().delete_desk(phone.mac(), admin(), done); });
}

api::Answer Simulation::assign(const DeskPhone& phone, std::optional<std::string> extension,
                               std::optional<std::string> ip) {
  return ask([&](api::Done done) {
    console().assign_phone(phone.mac(), extension ? std::optional{ExtensionNumber{*extension}} : std::nullopt,
                           ip ? std::optional{api::PhoneAt{*parse_ipv4(*ip)}} : std::nullopt, admin(), done);
  });
}

api::Answer Simulation::provision(const DeskPhone& phone) {
  return ask([&](api::Done done) { console().provision_phone(phone.mac(), admin(), done); });
}

api::Answer Simulation::restart(const Mac& mac) {
  return ask([&](api::Done done) { console().restart_phone(mac, admin(), done); });
}

api::Answer Simulation::log_in(const DeskPhone& phone, const std::string& number) {
  return ask([&](api::Done done) { console().log_in(phone.mac(), ExtensionNumber{number}, admin(), done); });
}

api::Answer Simulation::log_out(const DeskPhone& phone) {
  return ask([&](api::Done done) { console().log_out(phone.mac(), admin(), done); });
}

api::Answer Simulation::change_settings(const std::function<void(roamdesk::Settings&)>& change) {
  return ask([&](api::Done done) { console().change_settings(change, admin(), done); });
}

DeskPhone& Simulation::add_phone(unsigned number, const SiteId& site, Habits habits) {
  const auto two = std::string{number < 10 ? "0" : ""} + std::to_string(number);
  // A branch's network may be the same as any other's; here even the addresses are.
  const Endpoint own{parse_ipv4("192.168.1." + std::to_string(100 + number)).value(), 5060};
  DeskPhone::Ports ports;
  ports.ground = this;
  phones_.push_back(nullptr);
  auto& place = phones_.back();
  const auto index = phones_.size() - 1;
  ports.send = [this, index](std::string bytes) { to_core(*phones_[index], std::move(bytes)); };
  ports.send_multicast = ports.send;
  ports.fetch = [this, index](std::string url, std::function<void(int, std::string)> then) {
    fetch(*phones_[index], url, std::move(then));
  };
  place = std::make_unique<DeskPhone>(*Mac::parse("805ec00000" + two), site, own, habits, std::move(ports));
  at_[{site, own}] = place.get();
  return *place;
}

DeskPhone& Simulation::add_desk(unsigned number, const SiteId& site, Habits habits) {
  auto& phone = add_phone(number, site, Habits{});
  phone.power_on();
  run_for(40s);
  EXPECT_EQ(define_desk(phone).outcome, api::Outcome::ok);
  EXPECT_EQ(assign(phone).outcome, api::Outcome::ok);
  EXPECT_TRUE(run_until([&] { return settled(phone) && is_idle_desk(phone); }, 60s)) << "a desk that doesn't settle";
  phone.habits = habits;
  return phone;
}

void Simulation::log_in_by_code(DeskPhone& phone, const std::string& number) {
  const auto call = phone.dial("*77*" + number + "*");
  run_until([&] { return !phone.call(call) || phone.call(call)->up || phone.call(call)->status >= 300; }, 10s);
  run_for(500ms);
  phone.press(call, pin_of(number) + "#");
  run_until([&] { return phone.idle(); }, 60s);
}

api::DeskView Simulation::desk(const DeskPhone& phone) const { return *core_->administration.desk(phone.mac()); }

std::string Simulation::who_is_at(const DeskPhone& phone) const {
  const auto there = core_->administration.desk(phone.mac());
  return there && there->extension ? there->extension->value() : "";
}

bool Simulation::settled(const DeskPhone& phone) const {
  const auto there = core_->administration.desk(phone.mac());
  if (!there) return false;
  const auto should = there->extension ? there->extension->value() : there->record.id.value();
  return there->settled && there->registered_as == should && phone.shows() == should && phone.registered();
}

bool Simulation::is_idle_desk(const DeskPhone& phone) const { return settled(phone) && who_is_at(phone).empty(); }

bool Simulation::is_at_desk(const DeskPhone& phone, const std::string& number) const {
  return settled(phone) && who_is_at(phone) == number;
}

// ---- who is no desk phone

void Simulation::say(const sip::FlowAddress& from, std::string bytes) {
  after(lan, [this, from, bytes = std::move(bytes)] {
    if (core_ && !dead_.contains(from.site)) core_->element.handle_sip(flow_of(from), bytes, now());
  });
}

void Simulation::listen(const sip::FlowAddress& at, Ear ear) {
  if (ear)
    ears_.insert_or_assign(at, std::move(ear));
  else
    ears_.erase(at);
}

void Simulation::move(DeskPhone& phone, const std::string& ip) {
  at_.erase({phone.site(), phone.own()});
  phone.move_to({parse_ipv4(ip).value(), phone.own().port});
  at_[{phone.site(), phone.own()}] = &phone;
}

}  // namespace roamdesk::sim
