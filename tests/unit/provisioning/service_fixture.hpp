#pragma once
#include <gtest/gtest.h>

#include "exchange/provisioning/service.hpp"
#include "fixture.hpp"

// One assigned phone of each vendor at a branch, in its window, and whoever asks for files.
namespace roamdesk::provisioning {

using namespace std::chrono_literals;
using phones::Vendor;

inline const WallTime t0{std::chrono::milliseconds{1'700'000'000'000}};
inline const IpAddress phone_at = *parse_ipv4("192.168.1.77");

class Phones : public PhoneSource {
 public:
  std::vector<AssignedPhone> all;
  bool front_known = true;
  std::optional<AssignedPhone> by_token(std::string_view token) const override {
    for (const auto& phone : all)
      if (phone.token == token) return phone;
    return std::nullopt;
  }
  bool is_token_of(const Mac& mac, std::string_view token) const override {
    return by_mac(mac) && token == "earlier-" + std::string{phones::to_string(by_mac(mac)->vendor)};
  }
  std::optional<AssignedPhone> by_mac(const Mac& mac) const override {
    for (const auto& phone : all)
      if (phone.mac == mac) return phone;
    return std::nullopt;
  }
  std::optional<PhoneView> view(const Mac& mac, const Endpoint& face) const override {
    if (!front_known) return std::nullopt;
    const auto phone = by_mac(mac);
    auto made = occupied_view(phone->vendor);
    made.token = phone->token;
    made.provisioning = face;
    return made;
  }
};

class Provisioning : public testing::Test {
 protected:
  Provisioning() {
    for (const auto vendor : vendors)
      phones.all.push_back({mac_of(vendor), SiteId{"branch-1"}, vendor,
                            "token-" + std::string{phones::to_string(vendor)}, t0 + window_length});
  }
  HttpOutcome get(const std::string& path, const std::string& agent = "", WallTime at = t0,
                  const std::string& site = "branch-1") {
    HttpRequest request;
    request.site = SiteId{site};
    request.face = *parse_endpoint("192.168.1.5:5000");
    request.peer = *parse_endpoint("192.168.1.77:40000");
    request.path = path;
    request.user_agent = agent;
    return service.handle(request, at);
  }
  static std::optional<Suspicion> suspicion(const HttpOutcome& outcome) {
    if (outcome.events.size() != 1) return std::nullopt;
    const auto* found = std::get_if<SuspiciousFetch>(&outcome.events[0]);
    return found ? std::optional{found->why} : std::nullopt;
  }
  Phones phones;
  ProvisioningService service{provisioner(), phones, ""};
};

}  // namespace roamdesk::provisioning
