#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "tests/unit/presence/phone.hpp"

// Bytes become subscribes, refreshes, publications, answers, losses and time. After each step: the books are right, and
// within a subscription versions rise by one and nothing follows its `terminated`.
namespace {

using namespace roamdesk;
using namespace roamdesk::presence;

void check(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

struct Heard {
  long version = -1;
  std::uint32_t cseq = 0;
  bool ended = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  SubscriptionLimits limits;
  limits.per_device = 6;
  Switchboard board{limits};
  board.credentials = "Digest x";
  std::map<std::string, Heard> heard;
  std::vector<std::string> tags;
  std::size_t looked_at = 0;
  const auto look = [&] {
    check(board.server.consistent(), "inconsistent");
    // Each NOTIFY once: those behind the ones that were seen already.
    for (; looked_at < board.notifies.size(); ++looked_at) {
      const sip::Message& notify = board.notifies[looked_at].second;
      Heard& before = heard[notify.from.tag()];
      check(!before.ended || notify.header("Authorization") || notify.header("Proxy-Authorization"),
            "a word after the last");
      check(notify.cseq.number == before.cseq + 1, "CSeq must rise by one");
      before.cseq = notify.cseq.number;
      before.ended = notify.header("Subscription-State")->substr(0, 10) == "terminated";
      const auto at = notify.body.find("version=\"", notify.body.find("<dialog-info"));
      if (at == std::string::npos) continue;
      const long version = std::atol(notify.body.c_str() + at + 9);
      const bool repeated = notify.header("Authorization") || notify.header("Proxy-Authorization");
      check(version == before.version + (repeated ? 0 : 1), "versions must rise by one");
      before.version = version;
    }
  };
  for (std::size_t i = 0; i + 2 < size && i < 3 * 300; i += 3) {
    const unsigned a = data[i + 1], b = data[i + 2];
    const ExtensionNumber watched{a % 2 == 0 ? "101" : "103"};
    const int device = 1 + static_cast<int>(b % 3);
    switch (data[i] % 11) {
      case 0: {
        static constexpr const char* events[] = {"dialog", "message-summary;id=2", "Dialog;sla", "presence"};
        const sip::Message response = board.send(Switchboard::subscribe(events[a % 4], b % 7 * 100), device,
                                                 watched.value(), std::uint64_t(device));
        check(response.status >= 200, "a SUBSCRIBE without an answer");
        if (response.status == 200) tags.push_back(response.to.tag());
        break;
      }
      case 1:
        if (!tags.empty())
          board.send(Switchboard::subscribe(a % 8 == 0 ? "message-summary" : "dialog", b % 5 * 150,
                                            tags[a % tags.size()], std::uint32_t(i)),
                     device, b % 16 == 0 ? std::nullopt : std::optional{watched.value()}, std::uint64_t(device));
        break;
      case 2:
      case 3: {
        std::vector<DialogInfo> dialogs(b % 3);
        for (std::size_t n = 0; n < dialogs.size(); ++n) {
          dialogs[n].id = std::to_string(n);
          dialogs[n].state = static_cast<DialogState>((a + n) % 4);
          dialogs[n].held = a % 5 == 0;
        }
        board.server.publish(watched, std::move(dialogs), board.now);
        break;
      }
      case 4:
        board.server.publish_mailbox(watched, {b % 2, a, 0, 0}, board.now);
        break;
      case 5:
      case 6: {
        static constexpr int answers[] = {200, 200, 200, 200, 481, 401, 407, 500, 503, 180};
        if (!board.notifies.empty()) {
          --looked_at;
          board.answer(answers[a % 10]);
        }
        break;
      }
      case 7:
        a % 2 == 0 ? board.server.end_all_of(Switchboard::mac(device), board.now)
                   : board.server.end_all_on(watched, board.now);
        break;
      case 8:
        board.server.handle_flow_closed(sip::FlowId{std::uint64_t(device)}, board.now);
        board.layer.handle_flow_closed(sip::FlowId{std::uint64_t(device)}, board.now);
        break;
      case 9:
        board.server.move(Switchboard::mac(device), Switchboard::flow(std::uint64_t(device) + a % 2 * 3), board.now);
        break;
      case 10:
        board.pass(std::chrono::milliseconds{a * 1000 + b * 10});
        break;
    }
    board.drain();
    look();
  }
  // Whatever happened, all of it ends by itself.
  for (int i = 0; i < 3; ++i) board.pass(std::chrono::hours{2});
  look();
  check(board.server.size() == 0, "a subscription that never ends");
  check(!board.server.deadline(), "a timer of nobody");
  return 0;
}
