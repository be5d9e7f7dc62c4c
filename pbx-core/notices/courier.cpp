#include "pbx-core/notices/courier.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "common/log/log.hpp"
#include "pbx-core/notices/transfer.hpp"

namespace roamdesk::notices {
namespace {

// Letters that the thread hasn't looked at yet; more are dropped.
constexpr std::size_t most_unread = 1024;

const char* way_of(const post::Letter& letter) {
  switch (letter.way) {
    case post::Way::mail:
      return "mail";
    case post::Way::web_hook:
      return "web_hook";
    case post::Way::syslog:
      return "syslog";
  }
  return "";
}

void log_dropped(const post::Letter& letter) {
  log::repeated(log::Level::warning, "notice.dropped", post::receiver_of(letter),
                {{"way", way_of(letter)}, {"to", post::shown_receiver(letter)}, {"reason", "too many wait"}});
}

}  // namespace

// The mutex guards what other threads hand in; all else belongs to the thread.
class Courier::Worker {
 public:
  explicit Worker(Options options) : options_(std::move(options)), outbox_(options_.outbox) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    multi_ = curl_multi_init();
    if (!multi_) throw std::runtime_error("libcurl can't be started");
    thread_ = std::thread([this] { run(); });
  }

  ~Worker() {
    ending_ = true;
    curl_multi_wakeup(multi_);
    thread_.join();
    curl_multi_cleanup(multi_);
  }

  void send(post::Letter letter) {
    ++taken_;
    {
      const std::lock_guard lock(mutex_);
      if (letters_.size() < most_unread) {
        letters_.push_back(std::move(letter));
        curl_multi_wakeup(multi_);
        return;
      }
    }
    ++failed_;
    log_dropped(letter);
  }

  void try_once(post::Letter letter, std::function<void(Outcome)> done) {
    if (letter.way == post::Way::mail && !has_mail())
      return done({false, "no mail server is configured (mail in pbx-core.yaml)"});
    {
      const std::lock_guard lock(mutex_);
      if (!trial_waits_) {
        trial_waits_ = true;
        trial_.emplace(Trial{std::move(letter), std::move(done)});
        curl_multi_wakeup(multi_);
        return;
      }
    }
    done({false, "another test message is under way; try again in a moment"});
  }

  bool has_mail() const { return options_.mail.has_value(); }

  Counts counts() const {
    // In this order, so that what ends meanwhile is never counted as less than nothing that waits.
    Counts counts{.delivered = delivered_, .failed = failed_};
    counts.waiting = taken_ - counts.delivered - counts.failed;
    return counts;
  }

 private:
  struct Trial {
    post::Letter letter;
    std::function<void(Outcome)> done;
  };
  struct UnderWay {
    std::unique_ptr<Transfer> transfer;
    std::optional<post::LetterId> letter;     // of the outbox
    std::function<void(Outcome)> trial_done;  // else
  };

  void run() {
    while (!ending_) {
      take_in();
      begin();
      int running = 0;
      curl_multi_perform(multi_, &running);
      finish();
      curl_multi_poll(multi_, nullptr, 0, patience(), nullptr);
    }
    for (auto& [handle, one] : under_way_) {
      curl_multi_remove_handle(multi_, handle);
      if (one.trial_done) one.trial_done({false, "the program ends"});
    }
    under_way_.clear();
    const std::lock_guard lock(mutex_);
    if (trial_) trial_->done({false, "the program ends"});
    if (const auto lost = outbox_.size() + letters_.size())
      log::warning("notice.undelivered", {{"letters", lost}, {"reason", "the program ends"}});
  }

  // Until the next letter is due; libcurl knows its own times.
  int patience() const {
    constexpr std::chrono::milliseconds longest{60'000};
    const auto due = outbox_.deadline();
    if (!due) return static_cast<int>(longest.count());
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*due - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp(left, std::chrono::milliseconds{0}, longest).count());
  }

  void take_in() {
    std::vector<post::Letter> letters;
    std::optional<Trial> trial;
    {
      const std::lock_guard lock(mutex_);
      letters.swap(letters_);
      trial.swap(trial_);
    }
    const auto now = std::chrono::steady_clock::now();
    for (auto& letter : letters) {
      if (letter.way == post::Way::mail && !has_mail()) {
        log::repeated(log::Level::warning, "notice.failed", "mail",
                      {{"way", "mail"}, {"to", letter.to}, {"reason", "no mail server is configured"}});
        ++failed_;
        continue;
      }
      const auto shown = letter;
      const auto before = outbox_.dropped();
      if (outbox_.put(std::move(letter), now) == post::Outbox::Taken::known) --taken_;
      if (outbox_.dropped() != before) log_dropped(shown);
      failed_ += outbox_.dropped() - before;
    }
    if (trial) begin_transfer(trial->letter, {}, std::move(trial->done));
  }

  void begin() {
    while (const auto id = outbox_.next(std::chrono::steady_clock::now())) begin_transfer(outbox_.letter(*id), id, {});
  }

  void begin_transfer(const post::Letter& letter, std::optional<post::LetterId> id,
                      std::function<void(Outcome)> trial_done) {
    auto transfer = Transfer::make(letter, {.mail = options_.mail,
                                            .host_name = options_.host_name,
                                            .authority = options_.authority,
                                            .syslog_socket = options_.syslog_socket,
                                            .connect = options_.connect,
                                            .longest = options_.longest});
    UnderWay one{std::move(transfer), id, std::move(trial_done)};
    if (!one.transfer || curl_multi_add_handle(multi_, one.transfer->handle()) != CURLM_OK)
      return ended(one, {post::Fate::may_go_later, "there is no memory for it"});
    CURL* handle = one.transfer->handle();
    under_way_.emplace(handle, std::move(one));
  }

  void finish() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const auto code = message->data.result;
      auto one = under_way_.extract(message->easy_handle);
      if (!one) continue;
      // First, since syslog's connection ends with it.
      const auto end = one.mapped().transfer->end(code);
      curl_multi_remove_handle(multi_, one.key());
      ended(one.mapped(), end);
    }
  }

  void ended(const UnderWay& one, const Transfer::End& end) {
    if (!one.letter) {
      {
        const std::lock_guard lock(mutex_);
        trial_waits_ = false;
      }
      if (one.trial_done) one.trial_done({end.fate == post::Fate::delivered, end.why});
      return;
    }
    const auto to = post::shown_receiver(outbox_.letter(*one.letter)),
               receiver = post::receiver_of(outbox_.letter(*one.letter));
    const std::string way = way_of(outbox_.letter(*one.letter));
    const auto over = outbox_.answered(*one.letter, end.fate, std::chrono::steady_clock::now());
    if (!over)
      log::repeated(log::Level::warning, "notice.delayed", receiver, {{"way", way}, {"to", to}, {"reason", end.why}});
    else if (++(over->delivered ? delivered_ : failed_); over->delivered)
      log::info("notice.delivered", {{"way", way}, {"to", to}, {"tries", over->tries}});
    else
      log::repeated(log::Level::error, "notice.failed", receiver,
                    {{"way", way}, {"to", to}, {"tries", over->tries}, {"reason", end.why}});
  }

  const Options options_;
  CURLM* multi_ = nullptr;
  std::atomic<bool> ending_{false};
  std::atomic<std::uint64_t> taken_{0}, delivered_{0}, failed_{0};  // letters, each once

  std::mutex mutex_;
  std::vector<post::Letter> letters_;
  std::optional<Trial> trial_;
  bool trial_waits_ = false;  // or is under way

  post::Outbox outbox_;
  std::map<CURL*, UnderWay> under_way_;
  std::thread thread_;
};

Courier::Courier(Options options) : worker_(std::make_unique<Worker>(std::move(options))) {}
Courier::~Courier() = default;
void Courier::send(post::Letter letter) { worker_->send(std::move(letter)); }
void Courier::try_once(post::Letter letter, std::function<void(Outcome)> done) {
  worker_->try_once(std::move(letter), std::move(done));
}
bool Courier::has_mail() const { return worker_->has_mail(); }
Courier::Counts Courier::counts() const { return worker_->counts(); }

}  // namespace roamdesk::notices
