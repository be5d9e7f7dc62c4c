#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/post/outbox.hpp"
#include "pbx-core/notices/mail_server.hpp"

namespace roamdesk::notices {

// What became of a letter.
struct Outcome {
  bool delivered = false;
  std::string why;  // in words; "" where it is delivered
};

// Carries letters to their receivers, on a thread of its own.
class Courier {
 public:
  struct Options {
    std::optional<MailServer> mail;                    // nullopt: e-mails can't be sent
    std::string host_name;                             // as which we greet a mail server: "pbx.example.com"
    std::optional<std::filesystem::path> authority{};  // PEM: whom web hooks may be certified by; nullopt: the system's
    std::filesystem::path syslog_socket = "/dev/log";  // of this machine's syslog
    std::chrono::milliseconds connect{5'000};          // for a connection to stand
    std::chrono::milliseconds longest{10'000};         // one try in all
    post::OutboxLimits outbox{};
  };
  // Throws std::runtime_error where libcurl doesn't start.
  explicit Courier(Options options);
  // Gives up what isn't delivered; waits for no receiver.
  ~Courier();
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  // Any thread; returns at once.
  void send(post::Letter letter);
  // One try, now, without a place in the queue; `done` is called once, on the courier's thread, or on this one where
  // nothing can be tried (another such try is under way; there is no mail server; the courier is being ended).
  void try_once(post::Letter letter, std::function<void(Outcome)> done);
  bool has_mail() const;

  // Of send()'s letters, since the start; any thread.
  struct Counts {
    std::uint64_t delivered = 0;
    // Refused, given up after their time, or dropped since too many waited.
    std::uint64_t failed = 0;
    // Neither yet.
    std::uint64_t waiting = 0;
  };
  Counts counts() const;

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace roamdesk::notices
