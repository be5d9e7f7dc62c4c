#include "common/log/log.hpp"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <deque>
#include <mutex>
#include <thread>

#include "common/log/recent.hpp"
#include "common/log/throttle.hpp"

namespace roamdesk::log {
namespace {

constexpr std::size_t most_waiting = 8192;
// What the first line waits for others, unless one of them is a warning: each write costs two threads some 20 µs.
constexpr std::chrono::milliseconds company{100};

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
      return;  // standard error has no reader; there is no better place to say so
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

struct Repeated {
  std::mutex mutex;
  Throttle throttle{{}};
};
Repeated& repeated_lines() {
  static Repeated instance;
  return instance;
}

// What windows of repeated() that are over have left to say.
void write_summaries() {
  std::vector<Throttle::Summary> summaries;
  {
    auto& lines = repeated_lines();
    const std::scoped_lock lock{lines.mutex};
    summaries = lines.throttle.due(std::chrono::steady_clock::now());
  }
  for (const auto& summary : summaries)
    write(Level::warning, summary.event + ".more",
          {{"count", summary.more},
           {summary.yet_more_sources ? "sources_at_least" : "sources", summary.sources},
           {"last", shown(summary.last_source)}});
}

std::optional<TimePoint> next_summary() {
  auto& lines = repeated_lines();
  const std::scoped_lock lock{lines.mutex};
  return lines.throttle.deadline();
}

// The queue and the one thread that writes. Made at the first line, joined when the program ends.
class Writer {
 public:
  Writer() {
    repeated_lines();  // made first, it ends after this
    thread_ = std::thread{[this] { run(); }};
  }
  ~Writer() {
    {
      const std::scoped_lock lock{mutex_};
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

  void push(std::string line, bool urgent) {
    {
      const std::scoped_lock lock{mutex_};
      if (lines_.size() >= most_waiting) {
        ++dropped_;
        return;
      }
      lines_.push_back(std::move(line));
      // Where lines wait already the thread is awake, or waits for company: it takes this one along.
      if (lines_.size() != 1 && !urgent && lines_.size() < most_waiting / 2) return;
      hurry_ = hurry_ || urgent || lines_.size() >= most_waiting / 2;
    }
    wake_.notify_one();
  }

  // A window of repeated() has begun: its end is waited for.
  void look_again() {
    {
      const std::scoped_lock lock{mutex_};
      look_again_ = true;
    }
    wake_.notify_one();
  }

  void flush() {
    std::unique_lock lock{mutex_};
    hurry_ = true;
    wake_.notify_one();
    idle_.wait_for(lock, std::chrono::seconds{1}, [this] { return lines_.empty() && !writing_; });
  }

 private:
  void run() {
    std::unique_lock lock{mutex_};
    for (;;) {
      lock.unlock();
      write_summaries();
      const auto next = next_summary();
      lock.lock();
      const auto woken = [this] { return stopping_ || look_again_ || !lines_.empty(); };
      if (next)
        wake_.wait_until(lock, *next, woken);
      else
        wake_.wait(lock, woken);
      look_again_ = false;
      if (lines_.empty()) {
        if (stopping_) return;
        continue;
      }
      wake_.wait_for(lock, company, [this] { return stopping_ || hurry_; });
      hurry_ = false;
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
  bool stopping_ = false, writing_ = false, look_again_ = false, hurry_ = false;
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

namespace {

void put(Level level, std::string_view name, std::span<const Field> fields) {
  std::string line = render(state().format, now_text(), level, name, fields);
  note_recent(line);
  if (state().has_sink) {
    const std::scoped_lock lock{state().sink_mutex};
    if (state().sink) {
      state().sink(line);
      return;
    }
  }
  writer().push(std::move(line), level >= Level::warning);
}

}  // namespace

void write(Level level, std::string_view name, Fields fields) {
  if (enabled(level)) put(level, name, std::span{fields.begin(), fields.size()});
}

void repeated(Level level, std::string_view name, std::string_view source, Fields fields) {
  if (!enabled(level)) return;
  bool admitted = false;
  {
    auto& lines = repeated_lines();
    const std::scoped_lock lock{lines.mutex};
    admitted = lines.throttle.admit(name, shown(source), std::chrono::steady_clock::now());
  }
  if (!admitted) return;
  std::vector<Field> texts;
  texts.reserve(fields.size());
  for (const Field& field : fields)
    texts.push_back(field.value.bare() ? field : Field{field.key, Value{shown(field.value.text())}});
  put(level, name, texts);
  writer().look_again();
}

void set_sink(Sink sink) {
  const std::scoped_lock lock{state().sink_mutex};
  state().has_sink = static_cast<bool>(sink);
  state().sink = std::move(sink);
}

void flush() { writer().flush(); }

}  // namespace roamdesk::log
