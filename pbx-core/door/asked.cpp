#include "pbx-core/door/asked.hpp"

#include <boost/asio/io_context.hpp>
#include <utility>

namespace roamdesk::door {

bool Asked::begin_report(const std::string& order, SbcPort::Reported done, TimePoint now) {
  std::string why;
  if (report_)
    why = "It is being asked already; try again when that answer is there.";
  else if (!bucket_.take(rate, now))
    why = "It has been asked six times within a minute; wait a little.";
  if (!why.empty()) {
    done(std::nullopt, std::move(why));
    return false;
  }
  report_ = Report{order, {}, std::move(done)};
  wait_for_piece();
  return true;
}

void Asked::wait_for_piece() {
  report_timer_.expires_after(patience_);
  report_timer_.async_wait([self = weak_from_this()](boost::system::error_code error) {
    const auto asked = self.lock();
    if (!error && asked) asked->end_report(false, "The SBC hasn't answered.");
  });
}

void Asked::handle(const tunnel::ReportPart& part) {
  if (!report_ || report_->order != part.order) return;
  if (!part.why.empty()) return end_report(false, "The SBC refuses: " + part.why);
  if (report_->bytes.size() + part.bytes.size() > most_bytes)
    return end_report(false, "The SBC says more than it may; nothing of it was kept.");
  report_->bytes += part.bytes;
  if (part.last) return end_report(true, {});
  wait_for_piece();
}

void Asked::end_report(bool whole, std::string why) {
  if (!report_) return;
  report_timer_.cancel();
  const auto ended = std::move(*report_);
  report_.reset();
  ended.done(whole ? std::optional{ended.bytes} : std::nullopt, std::move(why));
}

bool Asked::begin_restart(const std::string& order, SbcPort::Restarted done) {
  if (restart_) {
    done("It is being asked already; try again when that answer is there.");
    return false;
  }
  restart_ = Restart{order, std::move(done)};
  restart_timer_.expires_after(patience_);
  restart_timer_.async_wait([self = weak_from_this()](boost::system::error_code error) {
    const auto asked = self.lock();
    if (!error && asked) asked->end_restart("The SBC hasn't answered; whether it restarts isn't known.");
  });
  return true;
}

void Asked::handle(const tunnel::RestartNews& news) {
  if (!restart_ || restart_->order != news.order) return;
  end_restart(news.accepted ? "" : "The SBC refuses: " + (news.why.empty() ? "it doesn't say why" : news.why));
}

void Asked::end_restart(std::string why) {
  if (!restart_) return;
  restart_timer_.cancel();
  const auto ended = std::move(*restart_);
  restart_.reset();
  ended.done(std::move(why));
}

void Asked::clear() {
  end_report(false, "The SBC went away before it had answered.");
  end_restart("The SBC went away before it had answered; whether it restarts isn't known.");
}

}  // namespace roamdesk::door
