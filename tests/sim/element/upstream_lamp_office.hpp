#pragma once
#include <string>
#include <utility>
#include <vector>

#include "exchange/presence/dialog_info.hpp"
#include "tests/sim/element/upstream_office.hpp"

namespace roamdesk::sim {

// That house once its accounts are registered, with phones that have lamps, and what the other exchange says of calls.
class UpstreamLampOffice : public UpstreamOffice {
 protected:
  using Edit = calls::sim::Outside::Edit;
  UpstreamLampOffice() { sim.run_for(7s); }

  // The SUBSCRIBEs about this that have reached it.
  std::vector<sip::Message> asked(const std::string& user, const std::string& event = "dialog") const {
    std::vector<sip::Message> all;
    for (const auto& m : pbx.heard)
      if (m.method == "SUBSCRIBE" && m.to.uri.user == user && m.header("Event") == event) all.push_back(m);
    return all;
  }
  // A NOTIFY in the dialog of that SUBSCRIBE; the answer to it.
  int notify(Provider& from, const sip::Message& subscribe, const std::string& body, const Edit& edit = {}) {
    const int status = from.ask("NOTIFY", subscribe.contact.at(0).uri.user, [&](sip::Message& m) {
      m.from = subscribe.to;
      m.from.params.set("tag", "at-" + subscribe.call_id);
      m.to = subscribe.from;
      m.call_id = subscribe.call_id;
      m.cseq.number = ++cseq;
      m.add_header("Event", std::string{*subscribe.header("Event")});
      m.add_header("Subscription-State", "active");
      m.body = body;
      if (edit) edit(m);
    });
    sim.run_for(1s);
    return status;
  }
  // A call from 0301234567 as that exchange tells of it.
  static presence::DialogInfo call_in(presence::DialogState state) {
    presence::DialogInfo call;
    call.id = "a";
    call.state = state;
    call.direction = presence::Direction::recipient;
    call.remote = {"0301234567", "Carla"};
    return call;
  }
  static std::string told(const presence::DialogInfo& call) {
    return presence::dialog_info_xml(ExtensionNumber{"whoever"}, "pbx.example", 1, {call});
  }
  static std::string told(presence::DialogState state) { return told(call_in(state)); }
  static std::string idle() { return presence::dialog_info_xml(ExtensionNumber{"205"}, "pbx.example", 2, {}); }
  bool is_lit(const Handset& phone) const { return phone.lamp.find("<state>early</state>") != std::string::npos; }
  Handset at_desk(DeskPhone& phone, std::uint16_t port = 5999) {
    return Handset{sim, site(), to_string(phone.own().address), port};
  }

  std::uint32_t cseq = 0;
};

}  // namespace roamdesk::sim
