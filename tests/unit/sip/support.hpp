#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/sip/parse.hpp"
#include "common/sip/transaction_layer.hpp"

namespace roamdesk::sip::test {

using namespace std::chrono_literals;

inline Flow flow_of(std::uint64_t id, Transport transport, std::string site = "local") {
  return {FlowId{id},
          {SiteId{std::move(site)}, transport, *parse_endpoint("127.0.0.1:5060"), *parse_endpoint("192.0.2.7:5062")}};
}

// A message that has to be good.
inline Message parsed(std::string_view bytes) {
  auto result = parse(bytes);
  if (!result) throw std::logic_error{"not a good message: " + result.error().detail};
  return std::move(*result);
}

inline std::string request_text(const std::string& method, const std::string& branch = "z9hG4bKone",
                                const std::string& extra = "", const std::string& to_tag = "") {
  return method +
         " sip:101@192.0.2.1 SIP/2.0\r\n"
         "Via: SIP/2.0/UDP 10.0.0.9:5062" +
         (branch.empty() ? "" : ";branch=" + branch) +
         ";rport\r\n"
         "From: \"Ann\" <sip:102@192.0.2.1>;tag=f1\r\n"
         "To: <sip:101@192.0.2.1>" +
         (to_tag.empty() ? "" : ";tag=" + to_tag) +
         "\r\n"
         "Call-ID: c1@10.0.0.9\r\nCSeq: 7 " +
         method + "\r\nContact: <sip:102@10.0.0.9:5062>\r\n" + extra + "\r\n";
}

inline Message request(const std::string& method, const std::string& branch = "z9hG4bKone",
                       const std::string& extra = "", const std::string& to_tag = "") {
  return parsed(request_text(method, branch, extra, to_tag));
}

// A layer, its simulated clock, and what came out since it was last asked.
struct Bench {
  explicit Bench(Transport transport = Transport::udp, TransactionLimits limits = {})
      : flow(flow_of(1, transport)),
        layer(
            // u0 is the layer's own key.
            TransactionTimers{}, [n = -1]() mutable { return "u" + std::to_string(++n); }, limits) {}

  Flow flow;
  TransactionLayer layer;
  TimePoint now = TimePoint{} + 1h;

  void receive(Message message) { layer.handle_message(flow, std::move(message), now); }
  std::vector<std::string> sent() {
    std::vector<std::string> all;
    while (auto t = layer.poll_transmit()) all.push_back(std::move(t->bytes));
    return all;
  }
  std::vector<Message> messages() {
    std::vector<Message> all;
    for (const auto& bytes : sent()) all.push_back(parsed(bytes));
    return all;
  }
  std::vector<TransactionEvent> events() {
    std::vector<TransactionEvent> all;
    while (auto e = layer.poll_event()) all.push_back(std::move(*e));
    return all;
  }
  // The one event that is there, which must be an E.
  template <class E>
  E expect() {
    auto all = events();
    if (all.size() != 1 || !std::holds_alternative<E>(all.front())) throw std::logic_error{"another event"};
    return std::get<E>(std::move(all.front()));
  }
  // Runs every timer of the next `span`; the offsets in milliseconds from its start at which something was sent.
  std::vector<long> run(Duration span) {
    const auto start = now, end = now + span;
    std::vector<long> at;
    while (layer.deadline() && *layer.deadline() <= end) {
      now = std::max(now, *layer.deadline());
      layer.handle_timeout(now);
      for (std::size_t n = sent().size(); n > 0; --n) at.push_back((now - start) / 1ms);
    }
    now = end;
    return at;
  }
  ServerTx server(const std::string& method, const std::string& branch = "z9hG4bKone") {
    receive(request(method, branch));
    return expect<RequestReceived>().tx;
  }
  // An answer of the peer to what we sent.
  Message answer(const std::string& sent_request, int status, const std::string& tag = "peer") {
    return make_response(parsed(sent_request), status, "", tag);
  }
};

inline Message outgoing(const std::string& method) {
  auto message = request(method);
  message.via.clear();
  return message;
}

inline Message answer_to(const Message& request, int status) { return make_response(request, status, "", "ours"); }

inline Message ack(const std::string& branch = "z9hG4bKone", const std::string& tag = "ours") {
  return request("ACK", branch, "", tag);
}

}  // namespace roamdesk::sip::test
