#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>

#include "pbx-core/api/control.hpp"
#include "pbx-core/api/control_line.hpp"

namespace roamdesk::api {
namespace {
namespace json = boost::json;

std::optional<ControlRequest> parse_request(const std::string& line) {
  boost::system::error_code ec;
  const json::value value = json::parse(line, ec);
  const json::object* object = ec ? nullptr : value.if_object();
  if (!object) return std::nullopt;
  ControlRequest request;
  for (const auto& member : *object) {
    const json::string* text = member.value().if_string();
    if (!text) return std::nullopt;
    const std::string name(member.key().data(), member.key().size()), content(text->data(), text->size());
    if (name == "command")
      request.command = content;
    else
      request.arguments[name] = content;
  }
  if (request.command.empty()) return std::nullopt;
  return request;
}

// Where the answer of another thread is waited for. Shared, since the answer may come after the wait is over.
struct Waiting {
  std::mutex mutex;
  std::condition_variable arrived;
  std::optional<ControlReply> reply;
};

}  // namespace

// One connection after the other: the command line is a person.
class ControlServer::Core {
 public:
  Core(std::filesystem::path path, Handler handler) : path_(std::move(path)), handler_(std::move(handler)) {
    const auto connected = control_line::connect(path_);
    if (connected.fd.valid()) throw std::runtime_error(path_.string() + ": another core is running on this state_dir");
    if (connected.error != ENOENT && connected.error != ECONNREFUSED)
      throw std::runtime_error(fmt::format("{}: {}", path_.string(), std::strerror(connected.error)));
    ::unlink(path_.c_str());
    listening_ = control_line::listen(path_);
    wake_ = control_line::Fd(::eventfd(0, EFD_CLOEXEC));
    if (!wake_.valid()) throw std::runtime_error("eventfd failed");
    thread_ = std::thread([this] { run(); });
  }

  ~Core() {
    stopping_ = true;
    const std::uint64_t one = 1;
    (void)!::write(wake_.get(), &one, sizeof one);
    {
      const std::lock_guard lock(mutex_);
      if (waiting_) waiting_->arrived.notify_all();
    }
    thread_.join();
    ::unlink(path_.c_str());
  }

 private:
  void run() {
    while (!stopping_) {
      pollfd ready[2] = {{listening_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}};
      if (::poll(ready, 2, -1) < 0 && errno != EINTR) return;
      if (stopping_ || !(ready[0].revents & POLLIN)) continue;
      const control_line::Fd connection(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (connection.valid()) serve(connection);
    }
  }

  void serve(const control_line::Fd& connection) {
    const auto line = control_line::read_line(connection, std::chrono::seconds(2), wake_.get());
    if (!line) return;
    ControlReply reply{false, "the request isn't a line with a JSON object of strings and a \"command\""};
    if (const auto request = parse_request(*line)) reply = ask(*request);
    control_line::write_line(connection, json::serialize(json::object{{"ok", reply.ok}, {"text", reply.text}}));
  }

  ControlReply ask(const ControlRequest& request) {
    const auto waiting = std::make_shared<Waiting>();
    {
      const std::lock_guard lock(mutex_);
      waiting_ = waiting;
    }
    handler_(request, [waiting](ControlReply reply) {
      const std::lock_guard lock(waiting->mutex);
      if (!waiting->reply) waiting->reply = std::move(reply);
      waiting->arrived.notify_all();
    });
    std::unique_lock lock(waiting->mutex);
    // In short rounds, since the destructor's notification may come just before the wait.
    for (int rounds = 0; rounds < 80 && !waiting->reply && !stopping_; ++rounds)
      waiting->arrived.wait_for(lock, std::chrono::milliseconds(100));
    return waiting->reply.value_or(ControlReply{false, "the core doesn't answer at the moment; try again"});
  }

  const std::filesystem::path path_;
  const Handler handler_;
  control_line::Fd listening_, wake_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::shared_ptr<Waiting> waiting_;
  std::thread thread_;
};

ControlServer::ControlServer(std::filesystem::path socket, Handler handler)
    : core_(std::make_unique<Core>(std::move(socket), std::move(handler))) {}
ControlServer::~ControlServer() = default;

}  // namespace roamdesk::api
