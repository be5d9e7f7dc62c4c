#include "common/log/log.hpp"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <deque>
#include <mutex>
#include <thread>

namespace roamdesk::log {
namespace {

constexpr std::size_t most_waiting = 8192;

std::string now_text() {
  using namespace std::chrono;
  const auto now = system_clock::now();
  const std::time_t seconds = system_clock::to_time_t(now);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  const auto ms = duration_cast<milliseconds>(now.time_since_epoch()).count() % 1000;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec, ms);
}

void write_all(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return;  // nobody reads; there is no better place to say so
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

// The queue and the one thread that writes. Made at the first line, joined when the program ends.
class Writer {
 public:
  Writer() : thread_([this] { run(); }) {}
  ~Writer() {
    {
      const std::scoped_lock lock{mutex_};
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

  void push(std::string line) {
    {
      const std::scoped_lock lock{mutex_};
      if (lines_.size() >= most_waiting) {
        ++dropped_;
        return;
      }
      lines_.push_back(std::move(line));
    }
    wake_.notify_one();
  }

  void flush() {
    std::unique_lock lock{mutex_};
    idle_.wait_for(lock, std::chrono::seconds{1}, [this] { return lines_.empty() && !writing_; });
  }

 private:
  void run() {
    std::unique_lock lock{mutex_};
    for (;;) {
      wake_.wait(lock, [this] { return stopping_ || !lines_.empty(); });
      if (lines_.empty()) return;
      std::string text;
      for (const std::string& line : lines_) {
        text += line;
        text += '\n';
      }
      lines_.clear();
      if (const auto dropped = std::exchange(dropped_, 0))
        text += render(Format::text, now_text(), Level::warning, "log.dropped", {{"lines", dropped}}) + '\n';
      writing_ = true;
      lock.unlock();
      write_all(text);
      lock.lock();
      writing_ = false;
      idle_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_, idle_;
  std::deque<std::string> lines_;
  std::uint64_t dropped_ = 0;
  bool stopping_ = false, writing_ = false;
  std::thread thread_;
};

struct State {
  std::atomic<Level> level{Level::info};
  std::atomic<Format> format{Format::text};
  std::mutex sink_mutex;
  Sink sink;
  std::atomic<bool> has_sink{false};
};
State& state() {
  static State instance;
  return instance;
}
Writer& writer() {
  static Writer instance;
  return instance;
}

}  // namespace

bool enabled(Level level) { return level >= state().level.load(std::memory_order_relaxed); }

void configure(const Settings& settings) {
  state().level = settings.level;
  state().format = settings.format;
}

void write(Level level, std::string_view name, Fields fields) {
  if (!enabled(level)) return;
  std::string line = render(state().format, now_text(), level, name, fields);
  if (state().has_sink) {
    const std::scoped_lock lock{state().sink_mutex};
    if (state().sink) {
      state().sink(line);
      return;
    }
  }
  writer().push(std::move(line));
}

void set_sink(Sink sink) {
  const std::scoped_lock lock{state().sink_mutex};
  state().has_sink = static_cast<bool>(sink);
  state().sink = std::move(sink);
}

void flush() { writer().flush(); }

}  // namespace roamdesk::log
