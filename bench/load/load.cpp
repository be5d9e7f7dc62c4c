#include "bench/load/load.hpp"

#include <fstream>
#include <stdexcept>

namespace roamdesk::load {

std::vector<Account> read_accounts(const std::string& file) {
  std::ifstream in{file};
  std::vector<Account> accounts;
  for (Account a; in >> a.user >> a.password >> a.number;) accounts.push_back(a);
  if (accounts.empty()) throw std::runtime_error("no accounts in " + file);
  return accounts;
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
    fan.receive(std::chrono::milliseconds{1}, take);
  }
}

}  // namespace roamdesk::load
