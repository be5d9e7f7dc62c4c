#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "common/sip/transaction_layer.hpp"

// Turns bytes into operations and time steps. After each step: bounded, every id that an event names was given, and
// after a long silence with all requests answered nothing stays behind.
namespace {

using namespace roamdesk;
using namespace roamdesk::sip;
using namespace std::chrono_literals;

constexpr std::size_t most = 40;

Message request(std::uint8_t what) {
  static constexpr std::array methods{"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS"};
  Message m;
  m.method = methods[what % methods.size()];
  m.request_uri = *parse_uri("sip:101@192.0.2.1");
  Via via;
  via.host = "10.0.0.9";
  const auto branch = (what / 8) % 6;
  if (branch != 0) via.params.set("branch", (branch < 4 ? "z9hG4bK" : "old") + std::to_string(branch));
  m.via.push_back(via);
  m.from = *parse_name_addr("<sip:a@b>;tag=f");
  m.to = *parse_name_addr(what & 0x40 ? "<sip:c@d>;tag=ours" : "<sip:c@d>");
  m.call_id = what & 0x80 ? "c1" : "c2";
  m.cseq = {1U + (what >> 6), m.method};
  return m;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  int tokens = 0;
  TransactionLayer layer{TransactionTimers{}, [&] { return "u" + std::to_string(++tokens); }, TransactionLimits{most}};
  TimePoint now{};
  std::vector<ServerTx> servers;
  std::vector<Message> served;
  std::vector<ClientTx> clients;
  std::vector<Message> sent;
  const auto flow = [](std::uint8_t n) {
    return Flow{FlowId{n % 4U + 1U},
                {SiteId{n & 4 ? "local" : "branch-1"}, n & 1 ? Transport::tcp : Transport::udp, {{1}, 1}, {{2}, 2}}};
  };
  const auto drain = [&] {
    while (auto transmit = layer.poll_transmit())
      if (transmit->bytes.empty()) std::abort();
    while (auto event = layer.poll_event()) {
      if (auto* r = std::get_if<RequestReceived>(&*event)) {
        if (std::find(servers.begin(), servers.end(), r->tx) != servers.end()) std::abort();
        if (r->request.method == "ACK" || r->request.method == "CANCEL") std::abort();
        servers.push_back(r->tx);
        served.push_back(r->request);
      } else if (auto* c = std::get_if<CancelReceived>(&*event)) {
        if (std::find(servers.begin(), servers.end(), c->invite) == servers.end()) std::abort();
      } else if (auto* a = std::get_if<ResponseReceived>(&*event)) {
        if (std::find(clients.begin(), clients.end(), a->tx) == clients.end()) std::abort();
      } else if (auto* f = std::get_if<ClientTxFailed>(&*event)) {
        if (std::find(clients.begin(), clients.end(), f->tx) == clients.end()) std::abort();
      }
    }
    // A CANCEL that matches an INVITE may go over the limit, once for each.
    if (layer.server_transactions() > 2 * most) std::abort();
  };
  for (std::size_t i = 0; i + 2 < size && i < 3000; i += 3) {
    const auto op = data[i], a = data[i + 1], b = data[i + 2];
    switch (op % 9) {
      case 0:
      case 1:
        layer.handle_message(flow(b), request(a), now);
        break;
      case 2:
        if (!servers.empty()) {
          const auto n = a % servers.size();
          auto response = make_response(served[n], 100 + b * 2, "", b & 1 ? "ours" : "");
          if (b < 40) {
            response.set_header("Require", "100rel");
            response.set_header("RSeq", std::to_string(b));
          }
          layer.respond(servers[n], std::move(response), now);
        }
        break;
      case 3: {
        auto message = request(a);
        if (message.method == "ACK" || message.method == "CANCEL") break;
        message.via.clear();
        // Its branch is told by the counter of tokens, so that answers can be made up.
        const auto tx = layer.send_request(flow(b), message, Owner{}, now);
        Via via;
        via.params.set("branch", "z9hG4bKu" + std::to_string(tokens));
        message.via.assign(1, via);
        clients.push_back(tx);
        sent.push_back(std::move(message));
        break;
      }
      case 4:
        if (!clients.empty())
          layer.handle_message(flow(op / 9),
                               make_response(sent[a % clients.size()], 100 + b * 2, "", b & 1 ? "x" : "y"), now);
        break;
      case 5:
        if (!clients.empty()) layer.cancel(clients[a % clients.size()], now);
        break;
      case 6:
        if (!clients.empty()) {
          auto ack = sent[a % clients.size()];
          ack.method = ack.cseq.method = "ACK";
          layer.acknowledge(clients[a % clients.size()], std::move(ack), now);
        }
        break;
      case 7:
        if (a < 16)
          layer.handle_flow_closed(FlowId{b % 4U + 1U}, now);
        else if (!servers.empty())
          layer.prack_received(servers[a % servers.size()], b);
        break;
      default:
        now += std::chrono::milliseconds{1} * (a * 256 + b);
        layer.handle_timeout(now);
    }
    drain();
  }
  // Everything gets its end: what was asked of us by our answer, what we asked by the clock (an INVITE that rings by
  // its CANCEL).
  for (std::size_t n = 0; n < servers.size(); ++n)
    layer.respond(servers[n], make_response(served[n], 500, "", "e"), now);
  for (const auto client : clients) layer.cancel(client, now);
  for (int i = 0; i < 3000 && layer.deadline(); ++i) {
    now = std::max(now, *layer.deadline());
    layer.handle_timeout(now);
    drain();
  }
  if (layer.server_transactions() != 0 || layer.client_transactions() != 0 || layer.deadline()) std::abort();
  return 0;
}
