#include "bench/load/load.hpp"

namespace roamdesk::load {

void Asked::ask(std::string bytes, Send send, std::function<void()> lost) {
  bytes_ = std::move(bytes);
  send_ = std::move(send);
  lost_ = std::move(lost);
  send_(bytes_);
  repeat(++serial_, milliseconds{500}, milliseconds{0});
}

void Asked::repeat(std::uint64_t serial, milliseconds after, milliseconds waited) {
  agenda_.at(Clock::now() + after, [this, serial, after, waited] {
    if (serial != serial_) return;
    if (waited + after >= milliseconds{32'000}) {
      ++serial_;
      return lost_();
    }
    ++report_.retransmitted;
    send_(bytes_);
    repeat(serial, after * 2, waited + after);
  });
}

void pace(const Options& options, Fan& fan, Agenda& agenda, Report& report, const std::function<bool()>& begin,
          const Fan::Take& take) {
  const auto start = Clock::now();
  std::uint64_t begun = 0;
  while (report.done + report.failed + report.late < options.count) {
    const auto now = Clock::now();
    const double elapsed = std::chrono::duration<double>(now - start).count();
    for (; begun < options.count && static_cast<double>(begun) < elapsed * options.rate; ++begun)
      if (!begin()) ++report.late;
    agenda.run(now);
    fan.receive(1, take);
  }
}

}  // namespace roamdesk::load
