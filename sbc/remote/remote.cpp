#include "sbc/remote/remote.hpp"

#include <boost/asio/io_context.hpp>

#include "common/log/recent.hpp"
#include "sbc/remote/machine_facts.hpp"

namespace roamdesk::sbc {
namespace {

// What a diagnosis has beside the log fits into the rest.
constexpr std::size_t most_of_log = 192 * 1024, most_lines = 2000;

Restarts::Settings with_request(Restarts::Settings settings, const std::filesystem::path& state_dir) {
  settings.request = state_dir / "reboot-request";
  return settings;
}

}  // namespace

Remote::Remote(boost::asio::io_context& io, Parts parts)
    : parts_(std::move(parts)),
      settings_(parts_.state_dir / "console-settings", parts_.own, parts_.apply),
      reports_(
          io, [this](const tunnel::ReportOrder& order) { return report(order); },
          [this](tunnel::ReportPart part) { return parts_.send(std::move(part)); }),
      restarts_(with_request(parts_.restarts, parts_.state_dir)) {}

bool Remote::handle(const tunnel::Frame& frame) {
  const auto now = std::chrono::steady_clock::now();
  if (const auto* order = std::get_if<tunnel::SettingsOrder>(&frame))
    parts_.send(settings_.handle(*order));
  else if (const auto* asked = std::get_if<tunnel::ReportOrder>(&frame))
    reports_.handle(*asked, now);
  else if (const auto* restart = std::get_if<tunnel::RestartOrder>(&frame))
    parts_.send(restarts_.handle(*restart, parts_.streams(), now));
  else
    return false;
  return true;
}

std::string Remote::report(const tunnel::ReportOrder& order) const {
  const auto lines = std::min<std::size_t>(order.lines, most_lines);
  const auto log = log::recent(lines, most_of_log);
  if (order.kind == tunnel::ReportKind::log) return log;
  std::string text = "== status\n" + parts_.status() + "\n== configuration\n" + parts_.configuration() +
                     "\n== machine\n" + machine_facts(parts_.state_dir);
  text.resize(std::min(text.size(), Reports::most_bytes - most_of_log - 64));
  return text + "\n== log\n" + log;
}

}  // namespace roamdesk::sbc
