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
#include "pbx-core/notices/mail_server.hpp"

namespace roamdesk::notices {

// One try of one letter, as libcurl's easy handle. Stays where it is: libcurl holds addresses of what is in it.
class Transfer {
 public:
  struct Times {
    std::chrono::milliseconds connect, longest;
  };
  using Authority = std::optional<std::filesystem::path>;
  // nullptr where libcurl has no memory. `mail` is needed for an e-mail. `authority`: of web hooks; nullopt: the
  // system's.
  static std::unique_ptr<Transfer> make(const post::Letter& letter, const std::optional<MailServer>& mail,
                                        const std::string& host_name, const Authority& authority, Times times);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* handle() { return easy_; }

  struct End {
    post::Fate fate{};
    std::string why;  // in words, without secrets; "" where it was delivered
  };
  End end(CURLcode code);

 private:
  Transfer(CURL* easy, const post::Letter& letter) : easy_(easy), way_(letter.way), body_(letter.body) {}
  void set_web_hook(const post::Letter& letter, const Authority& authority);
  void set_mail(const post::Letter& letter, const MailServer& mail, const std::string& host_name);
  static std::size_t read_body(char* to, std::size_t size, std::size_t count, void* self);
  static std::size_t swallow(char* from, std::size_t size, std::size_t count, void* self);
  End end_of_web_hook(CURLcode code, long status) const;
  End end_of_mail(CURLcode code, long status) const;
  std::string network_fault(CURLcode code) const;

  CURL* easy_;
  post::Way way_;
  std::string body_;
  std::size_t sent_ = 0, swallowed_ = 0;
  curl_slist *headers_ = nullptr, *receivers_ = nullptr;
  std::array<char, CURL_ERROR_SIZE> error_{};
};

}  // namespace roamdesk::notices
