#pragma once
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "common/sip/parse.hpp"
#include "exchange/presence/subscription_server.hpp"

namespace roamdesk::presence {

// The server on a real transaction layer, and phones at the other end of its wires, whose answers the test chooses.
class Switchboard {
 public:
  explicit Switchboard(SubscriptionLimits limits = {})
      : layer{{}, [this] { return "unique-" + std::to_string(++uniques); }},
        server{layer,
               sip::Owner{7},
               "pbx.example.com",
               [this] { return "tag-" + std::to_string(++uniques); },
               [this](const Mac&, const sip::Message&, const sip::Message&) {
                 ++challenges;
                 return credentials;
               },
               limits} {}

  static Mac mac(int n) { return *Mac::parse("00156500000" + std::to_string(n)); }
  static sip::Flow flow(std::uint64_t n) {
    return {sip::FlowId{n},
            {local_site(),
             sip::Transport::udp,
             {IpAddress{0x7f000001}, 5060},
             {IpAddress{0x7f000100 + std::uint32_t(n)}, 5062}}};
  }
  static sip::Message subscribe(const std::string& event, std::optional<std::uint32_t> expires = 600,
                                const std::string& to_tag = "", std::uint32_t cseq = 1) {
    sip::Message m;
    m.method = "SUBSCRIBE";
    m.request_uri = *sip::parse_uri("sip:101@pbx.example.com");
    m.from = *sip::parse_name_addr("<sip:102@pbx.example.com>;tag=phone");
    m.to = *sip::parse_name_addr("<sip:101@pbx.example.com>");
    if (!to_tag.empty()) m.to.params.set("tag", to_tag);
    m.call_id = "call-1";
    m.cseq = {cseq, "SUBSCRIBE"};
    m.contact = {*sip::parse_name_addr("<sip:102@127.0.1.1:5062>")};
    m.max_forwards = 70;
    m.expires = expires;
    m.set_header("Event", event);
    return m;
  }
  // Sends it; answers with the response, NOTIFYs are in `notifies`.
  sip::Message send(sip::Message request, int device = 1, std::optional<std::string> target = "101",
                    std::uint64_t on = 1) {
    sip::Via via;
    via.host = "127.0.1.1";
    via.params.set("branch", "z9hG4bK-" + std::to_string(++uniques));
    request.via = {via};
    who = Subscriber{mac(device), local_site(), ExtensionNumber{"102"}, {}};
    if (target) who->target = Watched{ExtensionNumber{*target}, exchange};
    layer.handle_message(flow(on), std::move(request), now);
    drain();
    if (responses.empty()) return {};
    const sip::Message response = responses.back();
    responses.clear();
    return response;
  }
  // The phone's answer to its oldest NOTIFY.
  void answer(int status) {
    if (notifies.empty()) return;
    const auto [on, notify] = notifies.front();
    notifies.pop_front();
    layer.handle_message(flow(on), sip::make_response(notify, status, "Whatever", "phone"), now);
    drain();
  }
  sip::Message next_notify() const { return notifies.empty() ? sip::Message{} : notifies.front().second; }
  void pass(Duration time) {
    const TimePoint until = now + time;
    for (int i = 0; i < 10'000; ++i) {
      TimePoint next = until;
      for (const auto& at : {layer.deadline(), server.deadline()})
        if (at) next = std::min(next, *at);
      now = std::max(now, next);
      layer.handle_timeout(now);
      server.handle_timeout(now);
      drain();
      if (now >= until && (!server.deadline() || *server.deadline() > now)) break;
    }
  }
  void drain() {
    for (bool more = true; more;) {
      more = false;
      while (const auto event = layer.poll_event()) {
        more = true;
        if (const auto* request = std::get_if<sip::RequestReceived>(&*event))
          server.handle_subscribe(request->tx, request->flow, request->request, *who, now);
        else if (const auto* response = std::get_if<sip::ResponseReceived>(&*event))
          server.handle_response(response->tx, response->response, now);
        else if (const auto* failed = std::get_if<sip::ClientTxFailed>(&*event))
          server.handle_failure(failed->tx, failed->timed_out, now);
      }
      while (const auto sent = layer.poll_transmit()) {
        more = true;
        auto message = sip::parse(sent->bytes);
        if (!message) continue;
        ++transmitted;
        if (!message->is_request()) {
          responses.push_back(*message);
        } else if (seen.insert(message->via.front().branch()).second) {
          notifies.emplace_back(sent->flow.value(), *message);
        }
      }
    }
  }

  TimePoint now{std::chrono::hours{1}};
  std::uint64_t uniques = 0;
  std::string exchange;  // where those whom the next ones watch live; "" for ours
  std::optional<std::string> credentials;
  int challenges = 0;
  std::size_t transmitted = 0;
  std::optional<Subscriber> who;
  std::set<std::string> seen;
  std::vector<sip::Message> responses;
  std::deque<std::pair<std::uint64_t, sip::Message>> notifies;
  sip::TransactionLayer layer;
  SubscriptionServer server;
};

}  // namespace roamdesk::presence
