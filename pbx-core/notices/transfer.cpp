#include "pbx-core/notices/transfer.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstring>

#include "common/crypto/hash.hpp"
#include "common/post/signature.hpp"

namespace roamdesk::notices {
namespace {

// Of a web hook's answer: then the connection is closed.
constexpr std::size_t most_of_answer = 16'384;

// libcurl's own words: one line, printable, not long.
std::string said(const char* text) {
  std::string line(text, std::min<std::size_t>(std::strlen(text), 200));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return line;
}

}  // namespace

std::unique_ptr<Transfer> Transfer::make(const post::Letter& letter, const Options& options) {
  const auto server = letter.way == post::Way::syslog ? post::syslog_server(letter.to) : std::nullopt;
  if (letter.way == post::Way::syslog && !server) return nullptr;
  CURL* easy = curl_easy_init();
  if (!easy) return nullptr;
  std::unique_ptr<Transfer> made{new Transfer(easy, letter)};
  curl_easy_setopt(easy, CURLOPT_PRIVATE, made.get());
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, made->error_.data());
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // a name that is being looked up isn't waited for at the end
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options.longest.count()));
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::swallow);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, made.get());
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "Roamdesk/" ROAMDESK_VERSION);
  // The next alarm may be weeks away. A connection that is all that was asked for ends with its handle.
  if (!server) curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
  if (server)
    made->set_syslog(*server, options);
  else if (letter.way == post::Way::web_hook)
    made->set_web_hook(letter, options);
  else
    made->set_mail(letter, *options.mail, options.host_name);
  return made;
}

Transfer::~Transfer() {
  curl_easy_cleanup(easy_);
  curl_slist_free_all(headers_);
  curl_slist_free_all(receivers_);
}

void Transfer::add_header(const std::string& line) { headers_ = curl_slist_append(headers_, line.c_str()); }

void Transfer::set_web_hook(const post::Letter& letter, const Options& options) {
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy_, CURLOPT_URL, letter.to.c_str());
  if (options.authority) curl_easy_setopt(easy_, CURLOPT_CAINFO, options.authority->c_str());
  add_header("Content-Type: application/json");
  add_header("Expect:");
  if (!letter.key.empty()) {
    // Of this try: one that is heard long after it was sent has been replayed.
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
    const auto signature =
        crypto::hmac_sha256(crypto::as_bytes(letter.key.reveal()), crypto::as_bytes(post::signed_text(seconds, body_)));
    add_header(std::string(post::delivery_header) + ": " + letter.delivery);
    add_header(std::string(post::timestamp_header) + ": " + std::to_string(seconds));
    add_header(std::string(post::signature_header) + ": " + post::signature_version + crypto::to_hex(signature));
  }
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_);
  curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body_.size()));
  curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, body_.c_str());
}

void Transfer::set_mail(const post::Letter& letter, const MailServer& mail, const std::string& host_name) {
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  const auto url =
      std::string{mail.tls == MailTls::tls ? "smtps://" : "smtp://"} + to_string(mail.server) + "/" + host_name;
  curl_easy_setopt(easy_, CURLOPT_URL, url.c_str());
  if (mail.tls == MailTls::starttls) curl_easy_setopt(easy_, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  if (mail.authority) curl_easy_setopt(easy_, CURLOPT_CAINFO, mail.authority->c_str());
  if (!mail.user.empty()) {
    curl_easy_setopt(easy_, CURLOPT_USERNAME, mail.user.c_str());
    curl_easy_setopt(easy_, CURLOPT_PASSWORD, mail.password.reveal().c_str());
  }
  curl_easy_setopt(easy_, CURLOPT_MAIL_FROM, ("<" + mail.from + ">").c_str());
  receivers_ = curl_slist_append(receivers_, ("<" + letter.to + ">").c_str());
  curl_easy_setopt(easy_, CURLOPT_MAIL_RCPT, receivers_);
  curl_easy_setopt(easy_, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy_, CURLOPT_READFUNCTION, &Transfer::read_body);
  curl_easy_setopt(easy_, CURLOPT_READDATA, this);
}

void Transfer::set_syslog(const post::SyslogServer& server, const Options& options) {
  using enum post::SyslogBy;
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy_, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy_, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(easy_, CURLOPT_SSL_ENABLE_ALPN, 0L);
  if (options.authority) curl_easy_setopt(easy_, CURLOPT_CAINFO, options.authority->c_str());
  const auto host_port = server.by == local ? "localhost" : server.host_port;
  const auto url = (server.by == tls ? "https://" : "http://") + host_port + "/";
  curl_easy_setopt(easy_, CURLOPT_URL, url.c_str());
  if (server.by == local) curl_easy_setopt(easy_, CURLOPT_UNIX_SOCKET_PATH, options.syslog_socket.c_str());
  socket_type_ = server.by == local || server.by == udp ? SOCK_DGRAM : SOCK_STREAM;
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETDATA, this);
  // RFC 6587 §3.4.1: a stream has no ends of its own.
  if (socket_type_ == SOCK_STREAM) body_ = std::to_string(body_.size()) + ' ' + body_;
}

curl_socket_t Transfer::open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  const auto type = static_cast<const Transfer*>(self)->socket_type_;
  return ::socket(address->family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

std::size_t Transfer::read_body(char* to, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const auto part = std::min(size * count, transfer.body_.size() - transfer.sent_);
  transfer.body_.copy(to, part, transfer.sent_);
  transfer.sent_ += part;
  return part;
}

std::size_t Transfer::swallow(char*, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.swallowed_ += size * count;
  return transfer.swallowed_ > most_of_answer ? 0 : size * count;
}

Transfer::End Transfer::end(CURLcode code) {
  if (way_ == post::Way::syslog) return end_of_syslog(code);
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  return way_ == post::Way::web_hook ? end_of_web_hook(code, status) : end_of_mail(code, status);
}

std::string Transfer::network_fault(CURLcode code) const {
  return error_[0] ? said(error_.data()) : said(curl_easy_strerror(code));
}

Transfer::End Transfer::end_of_web_hook(CURLcode code, long status) const {
  using enum post::Fate;
  // An answer that is longer than we read is one.
  const bool answered = code == CURLE_OK || (code == CURLE_WRITE_ERROR && status > 0);
  if (!answered) {
    const bool never = code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL;
    return {never ? refused : may_go_later, network_fault(code)};
  }
  if (status >= 200 && status < 300) return {delivered, ""};
  auto why = "it answered " + std::to_string(status);
  if (status >= 300 && status < 400)
    return {refused, why + ": redirects aren't followed; enter the address that it leads to"};
  const bool later = status >= 500 || status == 408 || status == 429 || status < 200;
  return {later ? may_go_later : refused, std::move(why)};
}

// Syslog answers nothing: that it could be sent is all that is known.
Transfer::End Transfer::end_of_syslog(CURLcode code) {
  using enum post::Fate;
  if (code != CURLE_OK) return {may_go_later, network_fault(code)};
  while (sent_ < body_.size()) {
    std::size_t part = 0;
    const auto sent = curl_easy_send(easy_, body_.data() + sent_, body_.size() - sent_, &part);
    if (sent != CURLE_OK) return {may_go_later, "it can't be sent"};
    sent_ += part;
  }
  return {delivered, ""};
}

Transfer::End Transfer::end_of_mail(CURLcode code, long status) const {
  using enum post::Fate;
  if (code == CURLE_OK) return {delivered, ""};
  if (code == CURLE_USE_SSL_FAILED) return {may_go_later, "the mail server offers no TLS (STARTTLS)"};
  if (code == CURLE_LOGIN_DENIED) return {refused, "the mail server doesn't take user and password"};
  if (status >= 400 && status < 600) {
    auto why = "the mail server answered " + std::to_string(status);
    return {status >= 500 ? refused : may_go_later, std::move(why)};
  }
  return {may_go_later, network_fault(code)};
}

}  // namespace roamdesk::notices
