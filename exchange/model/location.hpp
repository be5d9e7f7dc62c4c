#pragma once
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/model/describe.hpp"
#include "exchange/model/extension_number.hpp"
#include "exchange/model/location_reference.hpp"

namespace roamdesk {

// A civic address (RFC 5139). Each member is the element of its name; "" where there is none. `country` is ISO 3166.
struct CivicAddress {
  std::string country{};
  // From the largest to the smallest: state, county, city, part of the city, neighbourhood, group of streets.
  std::string a1{}, a2{}, a3{}, a4{}, a5{}, a6{};
  // The road: what stands before its name ("Old" prm, "North" prd), its name, and what stands behind ("Street" sts,
  // "West" pod, "Extended" pom); section, branch, branch of the branch.
  std::string prm{}, prd{}, rd{}, sts{}, pod{}, pom{}, rdsec{}, rdbr{}, rdsubbr{};
  // House number and its suffix ("A"); a landmark; what else helps to find it; floor; who is there; postal code.
  std::string hno{}, hns{}, lmk{}, loc{}, flr{}, nam{}, pc{};
  std::string bld{}, unit{}, room{}, seat{};
  // Kind of place (RFC 4589), postal community, post office box, further code.
  std::string plc{}, pcn{}, pobox{}, addcode{};
  friend bool operator==(const CivicAddress&, const CivicAddress&) = default;
};

// In the order of the elements of RFC 5139 §5's schema.
template <class V, Is<CivicAddress> R>
void fields(V& v, R& a) {
  v("country", a.country), v("a1", a.a1), v("a2", a.a2), v("a3", a.a3), v("a4", a.a4), v("a5", a.a5), v("a6", a.a6);
  v("prm", a.prm), v("prd", a.prd), v("rd", a.rd), v("sts", a.sts), v("pod", a.pod), v("pom", a.pom);
  v("rdsec", a.rdsec), v("rdbr", a.rdbr), v("rdsubbr", a.rdsubbr), v("hno", a.hno), v("hns", a.hns);
  v("lmk", a.lmk), v("loc", a.loc), v("flr", a.flr), v("nam", a.nam), v("pc", a.pc), v("bld", a.bld);
  v("unit", a.unit), v("room", a.room), v("seat", a.seat), v("plc", a.plc), v("pcn", a.pcn);
  v("pobox", a.pobox), v("addcode", a.addcode);
}

// Where help is to come to when somebody calls for it. Given to desks, dedicated phones, sites, and by default
// (location_of()).
struct Location {
  // [a-z0-9-], 1 to 40 characters; the key.
  std::string name{};
  CivicAddress address{};
  // For the people who are told: "ring at gate B".
  std::string note{};
  // By which a call for help leaves, in this order; empty: there is no route from here.
  std::vector<std::string> trunks{};
  // E.164: what such a call shows, and where help calls back. The one that was unused for longest is taken.
  std::vector<std::string> callbacks{};
  // Emergency numbers here, beside those of the settings and of its country.
  std::vector<std::string> numbers{};
  // Go the same way as an emergency number; those who are told hear that it is a test.
  std::vector<std::string> test_numbers{};
  // Rung when somebody calls for help here.
  std::vector<ExtensionNumber> told{};
  // Told as well: addresses of e-mail, and an https URL ("" for none).
  std::vector<std::string> mails{};
  std::string web_hook{};
  // How long a call back rings the desk, after the call for help; 10 min to 24 h.
  std::chrono::seconds callback_window{std::chrono::minutes{30}};
  // How providers know it that keep the address themselves: one of a trunk at most.
  std::vector<LocationReference> references{};
  friend bool operator==(const Location&, const Location&) = default;
};

template <>
inline constexpr Table table<Location>{"locations", "name", "name"};
template <>
inline constexpr auto key_of<Location> = &Location::name;

template <class V, Is<Location> R>
void fields(V& v, R& l) {
  v("name", l.name), v("address", l.address), v("note", l.note), v("trunks", l.trunks), v("callbacks", l.callbacks);
  v("numbers", l.numbers), v("test_numbers", l.test_numbers), v("told", l.told), v("mails", l.mails);
  v("web_hook", l.web_hook), v(Field("callback_window").shown_as("callback_window_s"), l.callback_window);
  v(Field("trunk_references").shown_as("references"), l.references);
}

// What the trunk's provider knows it by; nullptr where it has said nothing.
inline const LocationReference* reference_at(const Location& location, std::string_view trunk) {
  for (const auto& reference : location.references)
    if (reference.trunk == trunk) return &reference;
  return nullptr;
}

}  // namespace roamdesk
