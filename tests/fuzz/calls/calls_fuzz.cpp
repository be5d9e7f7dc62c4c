#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/unit/calls/world/world.hpp"

// Bytes are what people, phones and the network do, in any order: operations of the phones' users, their habits,
// requests that no phone would send, time. The engine's invariants hold after every step, and nothing is left at the
// end.
namespace {
using namespace roamdesk;
using namespace roamdesk::calls;
using namespace std::chrono_literals;

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  bool empty() const { return size_ == 0; }
  std::size_t pick(std::size_t n) {
    if (size_ == 0) return 0;
    --size_;
    return *data_++ % n;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

// What servers of trunks do.
void outside(Input& in, sim::World& world, const std::string& number) {
  auto& server = *world.servers[in.pick(world.servers.size())];
  const int dialog = server.dialogs.empty() ? -1 : static_cast<int>(in.pick(server.dialogs.size()));
  const int statuses[] = {180, 183, 183, 199, 200, 302, 401, 407, 403, 408, 422, 480, 486, 500, 503, 603};
  const char* methods[] = {"BYE", "INFO", "OPTIONS", "PRACK", "UPDATE", "REFER", "NOTIFY", "INVITE", "ACK"};
  switch (in.pick(9)) {
    case 0:
      if (server.dialogs.size() < 20)
        server.dial(number, [&](sip::Message& m) {
          if (in.pick(4) == 0) m.set_header("Require", "100rel");
          if (in.pick(4) == 0) m.body.clear(), m.content_type.clear();
        });
      break;
    case 1:
      if (dialog >= 0 && !server.at(dialog).caller) server.answer({}, dialog);
      break;
    case 2:
      if (dialog >= 0) server.hang_up(dialog);
      break;
    case 3:
      server.habits.silent = in.pick(3) == 0;
      server.habits.mute = in.pick(6) == 0;
      server.habits.refuses = in.pick(2) ? 0 : statuses[5 + in.pick(11)];
      server.habits.answers = in.pick(2);
      server.habits.wants_offers = in.pick(2);
      break;
    case 4:
      if (in.pick(2))
        server.challenges.emplace().proxy = in.pick(2);
      else
        server.challenges.reset();
      if (server.challenges) server.challenges->never_content = in.pick(4) == 0;
      world.preemptive = in.pick(2);
      break;
    case 5:  // any answer to anything, whatever became of it
      if (!server.requests.empty())
        server.respond(
            server.requests[in.pick(server.requests.size())], statuses[in.pick(16)],
            [&](sip::Message& m) {
              if (in.pick(2))
                m.content_type = "application/sdp", m.body = server.describe("sendrecv", in.pick(2) ? "8 101" : "0");
              if (in.pick(3) == 0) m.set_header("Require", "100rel"), m.set_header("RSeq", std::to_string(in.pick(4)));
              if (in.pick(3) == 0)
                m.set_header("Proxy-Authenticate",
                             "Digest realm=\"r" + std::to_string(in.pick(3)) + "\", nonce=\"n\", stale=true");
              if (in.pick(3) == 0) m.set_header("Min-SE", std::to_string(in.pick(255) * 30));
            },
            in.pick(2) ? "a" : "b");
      break;
    case 6:
      if (dialog >= 0 && server.at(dialog).up)
        server.modify(in.pick(2) ? "INVITE" : "UPDATE",
                      in.pick(4) ? server.describe(in.pick(2) ? "sendonly" : "sendrecv") : "", dialog);
      break;
    case 7:
      if (dialog >= 0)
        server.send(
            methods[in.pick(9)],
            [&](sip::Message& m) {
              if (in.pick(2)) m.set_header("Refer-To", "<sip:" + number + "@x>");
            },
            dialog);
      break;
    case 8:
      if (in.pick(16) == 0) world.close_flow(server);
      break;
  }
}

void expect(const std::string& broken) {
  if (broken.empty()) return;
  std::fprintf(stderr, "%s\n", broken.c_str());
  std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input in(data, size);
  sim::World world{in.pick(3) ? sim::Weather{} : sim::Weather{7, 0.1, 0.2, 1ms, 300ms}};
  for (const char* user : {"101", "102", "102", "103"})
    world.add(user, in.pick(2) ? "local" : "branch-1", in.pick(2) ? sip::Transport::udp : sip::Transport::tcp);
  for (const char* trunk : {"provider", "provider", "fallback"})
    world.add_server(trunk, "local", in.pick(2) ? sip::Transport::udp : sip::Transport::tcp);
  auto& manner = world.manners["provider"];
  manner.late_offers = in.pick(2);
  manner.relays_hold = in.pick(2);
  manner.may_transfer = in.pick(2);
  manner.reliable = in.pick(2);
  manner.calls = 1 + in.pick(8);
  const char* numbers[] = {"101", "102", "103", "*77*", "112", "999", "forbidden", "0301234", "0305678"};
  const char* methods[] = {"BYE", "INFO", "OPTIONS", "PRACK", "UPDATE", "REFER", "NOTIFY", "INVITE", "MESSAGE"};
  const int rejections[] = {0, 0, 486, 603, 302, 422}, refusals[] = {0, 0, 488, 491, 481, 422};
  for (int steps = 0; !in.empty() && steps < 200; ++steps) {
    auto& phone = *world.phones[in.pick(world.phones.size())];
    const int dialog = phone.dialogs.empty() ? -1 : static_cast<int>(in.pick(phone.dialogs.size()));
    const bool known = dialog >= 0 && phone.at(dialog).up;
    const std::string number = numbers[in.pick(9)];
    switch (in.pick(19)) {
      case 0:
      case 1:
        if (phone.dialogs.size() < 20)
          phone.dial(number, world.now, [&](sip::Message& m) {
            const auto what = in.pick(8);
            if (what == 0) m.body.clear(), m.content_type.clear();
            if (what == 1) m.set_header("Require", "100rel");
            if (what == 2) m.set_header("Session-Expires", std::to_string(in.pick(255) * 7));
            if (what == 3 && !phone.dialogs.empty()) {
              const auto& d = phone.at(dialog);
              m.set_header("Replaces", d.call_id + ";to-tag=" + d.remote_tag() + ";from-tag=" + d.local_tag());
            }
          });
        break;
      case 2:
      case 3:
        if (dialog >= 0) phone.answer(world.now, dialog);
        break;
      case 4:
        if (dialog >= 0) phone.hang_up(world.now, dialog);
        break;
      case 5:
        if (known)
          phone.modify(in.pick(2) ? "INVITE" : "UPDATE", in.pick(2) ? "sendonly" : "sendrecv", world.now, dialog);
        break;
      case 6:
        if (known) phone.modify_without_offer(world.now, dialog);
        break;
      case 7:
        if (known) phone.refer("<sip:" + number + "@pbx.example.com>", world.now, dialog);
        break;
      case 8:
        if (known)
          phone.refer("<sip:x@y?" + phone.replaces(static_cast<int>(in.pick(phone.dialogs.size()))) + ">", world.now,
                      dialog);
        break;
      case 9:
        phone.habits.rejects = rejections[in.pick(6)];
        phone.habits.redirect = number;
        phone.habits.early_media = in.pick(2);
        break;
      case 10:
        phone.habits.takes_update = in.pick(2);
        phone.habits.modifies = refusals[in.pick(6)];
        phone.habits.refers_away = in.pick(4) == 0;
        break;
      case 11:  // what no one would think of
        if (dialog >= 0)
          phone.send(
              methods[in.pick(9)], world.now,
              [&](sip::Message& m) {
                const auto what = in.pick(6);
                if (what == 0) m.cseq.number = static_cast<std::uint32_t>(in.pick(4));
                if (what == 1) m.content_type = "application/sdp", m.body = "v=0\r\n";
                if (what == 2) m.content_type = "application/sdp", m.body = phone.at(dialog).said;
                if (what == 3) m.set_header("RAck", "1 1 INVITE");
                if (what == 4) m.set_header("Refer-To", "<sip:103@x;method=BYE>");
              },
              dialog);
        break;
      case 12:
        if (!world.dialogues.empty()) {
          const auto id = world.dialogues[in.pick(world.dialogues.size())];
          world.engine.collect(id, true);
          if (in.pick(2)) world.engine.hang_up(id, world.now);
        }
        if (!world.streams.empty()) {
          const auto at = std::next(world.streams.begin(), in.pick(world.streams.size()));
          const media::StreamId stream{at->first};
          const auto what = in.pick(3);
          if (what == 0) world.engine.handle_media(media::StreamFailed{stream, "taken"}, world.now);
          if (what == 1) world.engine.handle_media(media::PlayEnded{stream, at->second.play}, world.now);
          if (what == 2) world.engine.handle_media(media::DigitHeard{stream, '5'}, world.now);
        }
        break;
      case 13:
        world.ports_left = in.pick(4) ? 10000 : in.pick(4);
        if (in.pick(2)) world.expected.insert(number);
        for (const auto& id : world.engine.waiting_for(number))
          for (auto& target : world.targets("103")) world.engine.add_target(id, target, world.now);
        if (in.pick(16) == 0) world.close_flow(phone);
        break;
      case 14:
        if (!world.started.empty() && in.pick(4) == 0)
          world.engine.hang_up(world.started[in.pick(world.started.size())], world.now);
        break;
      default:
        outside(in, world, number);
        break;
    }
    world.run(in.pick(4) ? std::chrono::milliseconds{in.pick(60)} : std::chrono::milliseconds{in.pick(255) * 300});
    expect(world.broken);
  }
  expect(world.settle());
  return 0;
}
