#pragma once
#include <deque>
#include <functional>
#include <mutex>
#include <string>

#include "common/http/event_stream.hpp"

namespace roamdesk::http {

// The queue between those who send events (any thread) and the connection that writes them (the server's thread).
class EventStream::Sink {
 public:
  static constexpr std::size_t limit = 256 << 10;  // bytes that may wait

  bool push(std::string text);
  // All bytes that wait, in one piece; empty if none do.
  std::string take();
  bool open() const;
  void close();                               // either side
  void finished();                            // the connection is gone: runs the on_close functions
  void on_close(std::function<void()> done);  // at once where it is gone already
  void wake_by(std::function<void()> wake);   // called after push() and close(), from their thread

 private:
  mutable std::mutex mutex_;
  std::string waiting_;
  bool open_ = true, gone_ = false;
  std::deque<std::function<void()>> on_close_;
  std::function<void()> wake_;
};

}  // namespace roamdesk::http
