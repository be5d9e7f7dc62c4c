#pragma once
#include <curl/curl.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "common/post/outbox.hpp"
#include "common/post/receivers.hpp"
#include "pbx-core/notices/mail_server.hpp"

namespace roamdesk::notices {

// One try of one letter, as libcurl's easy handle. Stays where it is: libcurl holds addresses of what is in it.
class Transfer {
 public:
  struct Options {
    const std::optional<MailServer>& mail;  // needed for an e-mail
    const std::string& host_name;
    // Of web hooks and syslog over TLS; nullopt: the system's.
    const std::optional<std::filesystem::path>& authority;
    const std::filesystem::path& syslog_socket;
    std::chrono::milliseconds connect, longest;
  };
  // nullptr where libcurl has no memory, or the receiver can't be one.
  static std::unique_ptr<Transfer> make(const post::Letter& letter, const Options& options);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* handle() { return easy_; }

  struct End {
    post::Fate fate{};
    std::string why;  // in words, without secrets; "" where it was delivered
  };
  // Once, while its handle is still libcurl's.
  End end(CURLcode code);

 private:
  Transfer(CURL* easy, const post::Letter& letter) : easy_(easy), way_(letter.way), body_(letter.body) {}
  void set_web_hook(const post::Letter& letter, const Options& options);
  void add_header(const std::string& line);
  // libcurl looks the name up and connects, over UDP and to a local socket as well; what is said then is ours.
  void set_syslog(const post::SyslogServer& server, const Options& options);
  static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  void set_mail(const post::Letter& letter, const MailServer& mail, const std::string& host_name);
  static std::size_t read_body(char* to, std::size_t size, std::size_t count, void* self);
  static std::size_t swallow(char* from, std::size_t size, std::size_t count, void* self);
  End end_of_web_hook(CURLcode code, long status) const;
  End end_of_mail(CURLcode code, long status) const;
  End end_of_syslog(CURLcode code);
  std::string network_fault(CURLcode code) const;

  CURL* easy_;
  post::Way way_;
  int socket_type_ = 0;
  std::string body_;
  std::size_t sent_ = 0, swallowed_ = 0;
  curl_slist *headers_ = nullptr, *receivers_ = nullptr;
  std::array<char, CURL_ERROR_SIZE> error_{};
};

}  // namespace roamdesk::notices
