#include <cstdlib>

#include "common/tunnel/session.hpp"
#include "common/tunnel/wire.hpp"

// Bytes become what happens to a session: input (raw, or as frames), time, sends, losses. Its invariants hold all
// along, and its queues stay bounded.
namespace {

using namespace roamdesk;
using namespace roamdesk::tunnel;
using namespace std::chrono_literals;

struct Driver {
  Session session;
  TimePoint now{1h};
  crypto::ByteView rest;

  std::uint8_t byte() {
    if (rest.empty()) return 0;
    const auto b = rest.front();
    rest = rest.subspan(1);
    return b;
  }
  crypto::ByteView bytes() {
    const auto count = std::min<std::size_t>(byte(), rest.size());
    const auto view = rest.first(count);
    rest = rest.subspan(count);
    return view;
  }
  void check() {
    while (session.poll_event()) {
    }
    if (!session.consistent()) std::abort();
  }
  void step() {
    switch (byte() % 8) {
      case 0:
        session.handle_bytes(bytes(), now);
        break;
      case 1: {  // as a frame
        const auto body = bytes();
        crypto::Bytes frame;
        append(frame, static_cast<std::uint32_t>(body.size()));
        frame.insert(frame.end(), body.begin(), body.end());
        session.handle_bytes(frame, now);
        break;
      }
      case 2:
        now += std::chrono::milliseconds{byte() * 100};
        session.handle_timeout(now);
        break;
      case 3:
        session.send(Sip{FlowNumber{2}, "x"}, now);
        break;
      case 4: {
        const auto view = session.transmit(now);
        session.consumed(std::min<std::size_t>(view.size(), byte()));
        break;
      }
      case 5:
        session.handle_closed(now);
        break;
      case 6:
        session.handle_connected({}, {TunnelSessionId{}, 1, 0}, now);
        break;
      case 7:
        if (byte() % 2 == 0) {
          session.want_epoch(now);
        } else {
          session.close(Reason::shutting_down, "", now);
        }
        break;
    }
    check();
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Driver driver{Session{data[0] % 2 == 0 ? Side::sbc : Side::core, {}}, TimePoint{1h}, {data + 1, size - 1}};
  driver.session.handle_connected({}, {TunnelSessionId{}, 1, 0}, driver.now);
  driver.check();
  while (!driver.rest.empty()) driver.step();
  return 0;
}
