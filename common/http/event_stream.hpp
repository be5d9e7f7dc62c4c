#pragma once
#include <functional>
#include <memory>
#include <string_view>

namespace roamdesk::http {

// The writing end of a server-sent events response. A cheap handle; any thread may use it.
class EventStream {
 public:
  // One event. `data` may have several lines; `event` and `id` may not. Where the client reads too slowly (256 KB wait)
  // the connection is closed: it will come back and read the present state. False where the stream is closed.
  bool send(std::string_view event, std::string_view data, std::string_view id = {}) const;
  bool open() const;
  void close() const;
  // Called once on the server's thread when the connection is gone.
  void on_close(std::function<void()> done) const;

  class Sink;  // the connection's side
  explicit EventStream(std::shared_ptr<Sink> sink);

 private:
  std::shared_ptr<Sink> sink_;
};

}  // namespace roamdesk::http
