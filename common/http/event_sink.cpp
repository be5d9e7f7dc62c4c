#include "common/http/event_sink.hpp"

#include <utility>

namespace roamdesk::http {

bool EventStream::Sink::push(std::string text) {
  std::function<void()> wake;
  bool accepted = false;
  {
    const std::lock_guard lock(mutex_);
    if (!open_) return false;
    if (waiting_.size() + text.size() > limit) {
      open_ = false;  // a reader that slow gets no stream with holes in it: it is to come back
    } else {
      waiting_ += text;
      accepted = true;
    }
    wake = wake_;
  }
  if (wake) wake();
  return accepted;
}

std::string EventStream::Sink::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(waiting_, {});
}

bool EventStream::Sink::open() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

void EventStream::Sink::close() {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    open_ = false;
    wake = wake_;
  }
  if (wake) wake();
}

void EventStream::Sink::finished() {
  std::deque<std::function<void()>> call;
  {
    const std::lock_guard lock(mutex_);
    open_ = false;
    gone_ = true;
    wake_ = nullptr;
    call = std::exchange(on_close_, {});
  }
  for (auto& done : call) done();
}

void EventStream::Sink::on_close(std::function<void()> done) {
  {
    const std::lock_guard lock(mutex_);
    if (!gone_) {
      on_close_.push_back(std::move(done));
      return;
    }
  }
  done();
}

void EventStream::Sink::wake_by(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

EventStream::EventStream(std::shared_ptr<Sink> sink) : sink_(std::move(sink)) {}

// WHATWG HTML, "Server-sent events": a data line for each line.
bool EventStream::send(std::string_view event, std::string_view data, std::string_view id) const {
  std::string text;
  text.reserve(event.size() + data.size() + id.size() + 32);
  if (!id.empty()) text.append("id: ").append(id).append("\n");
  if (!event.empty()) text.append("event: ").append(event).append("\n");
  for (;;) {
    const std::size_t end = data.find('\n');
    text.append("data: ").append(data.substr(0, end)).append("\n");
    if (end == std::string_view::npos) break;
    data.remove_prefix(end + 1);
  }
  text += "\n";
  return sink_->push(std::move(text));
}

bool EventStream::open() const { return sink_->open(); }
void EventStream::close() const { sink_->close(); }
void EventStream::on_close(std::function<void()> done) const { sink_->on_close(std::move(done)); }

}  // namespace roamdesk::http
