#include "pbx-core/door/relayed_http.hpp"

#include <boost/asio/io_context.hpp>

#include "common/tunnel/frame_codec.hpp"

namespace roamdesk::sites {
namespace {

constexpr std::size_t largest_body = 4 << 20;
constexpr std::chrono::milliseconds retry{20};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

std::string HttpRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key.size() == name.size() &&
        std::equal(key.begin(), key.end(), name.begin(), [](char a, char b) { return lower(a) == lower(b); }))
      return value;
  return {};
}

RelayedHttp::RelayedHttp(boost::asio::io_context& io, SiteId site, Send send, Ask ask)
    : timer_(io), site_(std::move(site)), send_(std::move(send)), ask_(std::move(ask)) {}

void RelayedHttp::handle(tunnel::HttpRequest request) {
  const std::uint32_t id = request.id.value();
  if (!open_.insert(id).second) return;  // never reused within a connection
  if (open_.size() > most_open) {
    answer(id, {.status = 503, .headers = {{"Retry-After", "5"}}, .body = {}});
    return;
  }
  // The SBC relays nothing else; the core doesn't take its word for it.
  if (!request.path.starts_with("/provision/") || (request.method != "GET" && request.method != "HEAD")) {
    answer(id, {.status = 404, .headers = {}, .body = {}});
    return;
  }
  HttpRequest asked;
  asked.site = site_;
  asked.face = request.face;
  asked.peer = request.peer;
  asked.method = std::move(request.method);
  asked.path = std::move(request.path);
  for (auto& header : request.headers) asked.headers.emplace_back(std::move(header.name), std::move(header.value));
  ask_(std::move(asked), [weak = weak_from_this(), id, connection = connection_](HttpResponse response) {
    const auto self = weak.lock();
    if (self && self->connection_ == connection) self->answer(id, std::move(response));
  });
}

void RelayedHttp::handle(const tunnel::HttpCancel& cancel) {
  open_.erase(cancel.id.value());
  std::erase_if(waiting_, [&](const auto& entry) { return entry.first == cancel.id.value(); });
}

void RelayedHttp::clear() {
  ++connection_;
  open_.clear();
  waiting_.clear();
}

void RelayedHttp::answer(std::uint32_t id, HttpResponse response) {
  if (open_.erase(id) == 0) return;
  if (response.body.size() > largest_body) response = {.status = 500, .headers = {}, .body = {}};
  tunnel::HttpHead head;
  head.id = tunnel::HttpId{id};
  head.status = response.status;
  for (auto& [name, value] : response.headers) head.headers.push_back({std::move(name), std::move(value)});
  waiting_.emplace_back(id, std::move(head));
  std::size_t at = 0;
  do {
    tunnel::HttpBody body;
    body.id = tunnel::HttpId{id};
    body.bytes = response.body.substr(at, tunnel::max_http_body);
    at += body.bytes.size();
    body.last = at >= response.body.size();
    waiting_.emplace_back(id, std::move(body));
  } while (at < response.body.size());
  pump();
}

void RelayedHttp::pump() {
  while (!waiting_.empty() && send_(waiting_.front().second)) waiting_.pop_front();
  if (waiting_.empty()) return;
  timer_.expires_after(retry);
  timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = weak.lock();
    if (self && !error) self->pump();
  });
}

}  // namespace roamdesk::sites
