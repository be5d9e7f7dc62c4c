#pragma once
#include <string>
#include <utility>
#include <vector>

#include "common/sip/digest.hpp"
#include "exchange/element/element.hpp"
#include "tests/unit/element/small_world.hpp"

namespace roamdesk::element {

using namespace std::chrono_literals;

// An element in that world, and those that send it requests: 101 and 102 have a phone each at home, HD0001 is an idle
// desk.
class Hall {
 public:
  Hall() {
    restore_person("101", "001565000101");
    restore_person("102", "001565000102");
    HotDesk desk{.id = HotDeskId{"HD0001"}, .mac = *Mac::parse("001565000001")};
    desk.site = local_site();
    desk.idle = {"idle-1", Secret{"secret-idle-1"}};
    element.restore(PutDesk{desk});
    Phone phone{.mac = desk.mac};
    phone.site = local_site();
    phone.assigned = true;
    phone.web_password = Secret{"web"};
    element.restore(PutPhone{phone});
    element.start({}, {}, {}, 1, now());
  }

  Now now() const { return {mono, wall}; }
  static sip::FlowAddress at(const std::string& ip, const SiteId& site = local_site()) {
    return {site, sip::Transport::udp, *parse_endpoint("192.0.2.1:5060"), *parse_endpoint(ip + ":5060")};
  }
  static sip::Message request(const std::string& method, const std::string& uri = "sip:192.0.2.1") {
    sip::Message message;
    message.method = method;
    message.request_uri = *sip::parse_uri(uri);
    message.from = *sip::parse_name_addr("<sip:101@pbx.example.com>;tag=phone");
    message.to = *sip::parse_name_addr("<" + uri + ">");
    message.contact = {*sip::parse_name_addr("<sip:101@192.0.2.101:5060>")};
    message.max_forwards = 70;
    return message;
  }
  // The one final answer; 1xx and what else is sent meanwhile aside. A status of 0 if there is none or more than one.
  sip::Message ask(sip::Message message, const sip::FlowAddress& from = at("192.0.2.101")) {
    const auto serial = std::to_string(++requests);
    const auto branch = "z9hG4bK" + serial;
    sip::Via via;
    via.transport = "UDP";
    via.host = to_string(from.peer.address);
    via.port = from.peer.port;
    via.params.set("branch", branch);
    message.via = {via};
    if (message.call_id.empty()) message.call_id = "call-" + serial;
    message.cseq = {static_cast<std::uint32_t>(requests), message.method};
    return exchange_bytes(sip::serialise(message), branch, from);
  }
  sip::Message exchange_bytes(const std::string& bytes, const std::string& branch, const sip::FlowAddress& from) {
    world.sent.clear();
    element.handle_sip(world.flow_of(from), bytes, now());
    std::vector<sip::Message> finals;
    for (const auto& [flow, message] : world.sent)
      if (message.status >= 200 && message.via.front().branch() == branch) finals.push_back(message);
    return finals.size() == 1 ? finals.front() : sip::Message{};
  }
  // With the credentials that the challenge asks for.
  sip::Message ask_as(const std::string& user, sip::Message message, const sip::FlowAddress& from = at("192.0.2.101"),
                      const std::string& password = "") {
    message.call_id = "call-" + std::to_string(requests + 1);
    const auto challenge = ask(message, from);
    if (challenge.status != 401) return challenge;
    auto header =
        sip::authorise(message, challenge, {user, Secret{password.empty() ? "secret-" + user : password}}, 1, "cnonce");
    message.headers.push_back(std::move(*header));
    return ask(std::move(message), from);
  }
  int register_as(const std::string& user, const std::string& aor, const sip::FlowAddress& from) {
    auto message = request("REGISTER", "sip:pbx.example.com");
    message.to = message.from = *sip::parse_name_addr("<sip:" + aor + "@pbx.example.com>");
    message.from.params.set("tag", "phone");
    message.contact = {*sip::parse_name_addr("<sip:" + aor + "@" + to_string(from.peer) + ">")};
    message.expires = 60;
    return ask_as(user, std::move(message), from).status;
  }

  // Of every vendor that is configured, nothing.
  static provisioning::TemplateTexts empty_templates() {
    provisioning::TemplateTexts texts;
    for (const auto vendor : phones::supported_vendors()) texts.emplace(phones::to_string(vendor), "");
    return texts;
  }

  TimePoint mono = TimePoint{} + 1h;
  WallTime wall{std::chrono::hours{24 * 365 * 50}};
  unsigned requests = 0;
  std::uint64_t uniques = 0;
  SmallWorld world;
  provisioning::Provisioner provisioner{{}, empty_templates()};
  Element element{world,
                  [this] { return "unique-" + std::to_string(++uniques); },
                  {.domain = "pbx.example.com"},
                  provisioner,
                  {},
                  Secret{"key of the nonces"}};

 private:
  void restore_person(const std::string& number, const std::string& mac) {
    Extension extension;
    extension.number = ExtensionNumber{number};
    element.restore(PutExtension{extension});
    Phone phone{.mac = *Mac::parse(mac)};
    phone.site = local_site();
    phone.assigned = true;
    phone.extension = extension.number;
    phone.credentials = Credentials{number, Secret{"secret-" + number}};
    phone.web_password = Secret{"web"};
    element.restore(PutPhone{phone});
  }
};

}  // namespace roamdesk::element
