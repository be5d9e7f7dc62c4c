#include "sbc/remote/restarts.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <system_error>

#include "common/log/log.hpp"
#include "sbc/updates/update_files.hpp"

namespace roamdesk::sbc {
namespace {

bool write_request(const std::filesystem::path& path) {
  ::unlink(path.c_str());
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  ::close(fd);
  return true;
}

}  // namespace

tunnel::RestartNews Restarts::handle(const tunnel::RestartOrder& order, std::size_t streams, TimePoint now) {
  tunnel::RestartNews news;
  news.order = order.order;
  news.why = carry_out(order, streams, now);
  news.accepted = news.why.empty();
  const bool machine = order.kind == tunnel::RestartKind::machine;
  log::warning(
      "restart.asked",
      {{"what", machine ? "machine" : "program"}, {"during_calls", order.during_calls}, {"refused", news.why}});
  return news;
}

std::string Restarts::carry_out(const tunnel::RestartOrder& order, std::size_t streams, TimePoint now) {
  if (!is_order(order.order)) return "that is no order";
  if (done_.contains(order.order)) return "this order was carried out already";
  if (streams > 0 && !order.during_calls) return "the branch has calls";
  const bool machine = order.kind == tunnel::RestartKind::machine;
  if (machine && !std::filesystem::exists(settings_.rebooter))
    return "the SBC wasn't installed by a package that may restart its machine";
  if (!machine && (!settings_.is_supervised || !settings_.end))
    return "the program wasn't started by systemd: nothing would start it again";
  if (!bucket_.take(rate, now)) return "it was restarted four times within an hour";
  if (machine) {
    if (!write_request(settings_.request)) return "the request can't be written into its state directory";
    written_ = now;
  }
  done_.insert(order.order);
  if (!machine) settings_.end();
  return {};
}

void Restarts::look(TimePoint now) {
  if (!written_ || now - *written_ < patience) return;
  written_.reset();
  if (::unlink(settings_.request.c_str()) == 0)
    log::error("restart.not_taken", {{"why", "nobody takes the request; is sbc-reboot.path enabled and running?"}});
}

}  // namespace roamdesk::sbc
