#include "sbc/remote/reports.hpp"

#include <boost/asio/io_context.hpp>

#include "common/log/log.hpp"
#include "sbc/updates/update_files.hpp"

namespace roamdesk::sbc {

void Reports::handle(const tunnel::ReportOrder& order, TimePoint now) {
  tunnel::ReportPart refusal;
  refusal.order = order.order;
  if (!is_order(order.order))
    refusal.why = "that is no order";
  else if (!order_.empty())
    refusal.why = "another one is on its way";
  else if (!bucket_.take(rate, now))
    refusal.why = "it was asked six times within a minute";
  if (!refusal.why.empty()) {
    send_(std::move(refusal));
    return;
  }
  log::info("report.asked", {{"order", order.order}, {"lines", order.lines}});
  left_ = make_(order).substr(0, most_bytes);
  order_ = order.order;
  send_piece();
}

// Where there is no room it is tried again: behind calls, however long they take it.
void Reports::send_piece() {
  if (order_.empty()) return;
  tunnel::ReportPart part;
  part.order = order_;
  part.bytes = left_.substr(0, tunnel::most_report_piece);
  const auto size = part.bytes.size();
  part.last = size == left_.size();
  const bool last = part.last;
  if (send_(std::move(part))) {
    left_.erase(0, size);
    if (last) {
      order_.clear();
      return;
    }
  }
  timer_.expires_after(pause_);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) send_piece();
  });
}

void Reports::handle_disconnected() {
  timer_.cancel();
  order_.clear();
  left_.clear();
}

}  // namespace roamdesk::sbc
