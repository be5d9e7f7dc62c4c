#include "pbx-core/door/relayed_http.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>

#include "common/tunnel/frame_codec.hpp"

namespace roamdesk::door {
namespace {

constexpr std::size_t largest_body = 4 << 20, most_named = 64;
constexpr std::chrono::milliseconds retry{20};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool is_user_agent(std::string_view name) {
  constexpr std::string_view user_agent = "user-agent";
  return std::equal(name.begin(), name.end(), user_agent.begin(), user_agent.end(),
                    [](char a, char b) { return lower(a) == b; });
}

}  // namespace

RelayedHttp::RelayedHttp(boost::asio::io_context& io, SiteId site, Send send, Ask ask, const Contents& contents)
    : timer_(io), site_(std::move(site)), send_(std::move(send)), ask_(std::move(ask)), contents_(contents) {}

void RelayedHttp::handle(tunnel::HttpRequest request) {
  const std::uint32_t id = request.id.value();
  if (!open_.insert(id).second) return;  // never reused within a connection
  if (open_.size() > most_open) {
    answer(id, {503, {}, {}}, {{"Retry-After", "5"}});
    return;
  }
  if (request.path.starts_with(tunnel::content_path) && request.method == "GET")
    return send_content(id, std::string_view{request.path}.substr(tunnel::content_path.size()));
  // The SBC relays nothing else; the core doesn't take its word for it.
  if (!request.path.starts_with("/provision/") || (request.method != "GET" && request.method != "HEAD")) {
    answer(id, {404, {}, {}});
    return;
  }
  HttpRequest asked;
  asked.site = site_;
  asked.face = request.face;
  asked.peer = request.peer;
  asked.method = std::move(request.method);
  asked.path = std::move(request.path);
  const auto agent = std::find_if(request.headers.begin(), request.headers.end(),
                                  [](const tunnel::HttpHeader& header) { return is_user_agent(header.name); });
  if (agent != request.headers.end()) asked.user_agent = std::move(agent->value);
  for (const auto& header : request.headers)
    if (header.name == tunnel::content_header) keeps_contents_.insert(id);
  ask_(std::move(asked), [weak = weak_from_this(), id, connection = connection_](HttpAnswer given) {
    const auto self = weak.lock();
    if (self && self->connection_ == connection) self->answer(id, std::move(given));
  });
}

void RelayedHttp::handle(const tunnel::HttpCancel& cancel) {
  open_.erase(cancel.id.value());
  keeps_contents_.erase(cancel.id.value());
  std::erase_if(transfers_, [&](const Transfer& transfer) { return transfer.id == cancel.id.value(); });
  std::erase_if(waiting_, [&](const auto& entry) { return entry.first == cancel.id.value(); });
}

void RelayedHttp::clear() {
  ++connection_;
  open_.clear();
  keeps_contents_.clear();
  named_.clear();
  transfers_.clear();
  waiting_.clear();
}

void RelayedHttp::answer(std::uint32_t id, HttpAnswer given, std::vector<tunnel::HttpHeader> headers) {
  if (given.content) return name_content(id, std::move(given));
  keeps_contents_.erase(id);
  if (open_.erase(id) == 0) return;
  if (given.body.size() > largest_body) given = {500, {}, {}};
  if (!given.content_type.empty()) headers.push_back({"Content-Type", std::move(given.content_type)});
  tunnel::HttpHead head;
  head.id = tunnel::HttpId{id};
  head.status = given.status;
  head.headers = std::move(headers);
  waiting_.emplace_back(id, std::move(head));
  std::size_t at = 0;
  do {
    tunnel::HttpBody body;
    body.id = tunnel::HttpId{id};
    body.bytes = given.body.substr(at, tunnel::max_http_body);
    at += body.bytes.size();
    body.last = at >= given.body.size();
    waiting_.emplace_back(id, std::move(body));
  } while (at < given.body.size());
  pump();
}

void RelayedHttp::name_content(std::uint32_t id, HttpAnswer given) {
  // An SBC of before would have to hold it in memory.
  if (keeps_contents_.erase(id) == 0 || !contents_.open(*given.content)) return answer(id, {404, {}, {}});
  const Content content = *given.content;
  given.content.reset();
  if (named_.size() >= most_named) named_.clear();
  named_.insert_or_assign(content.sha256, content);
  answer(id, std::move(given),
         {{std::string{tunnel::content_header}, content.sha256 + " " + std::to_string(content.bytes)}});
}

void RelayedHttp::send_content(std::uint32_t id, std::string_view sha256) {
  const auto named = named_.find(sha256);
  auto source = named == named_.end() ? nullptr : contents_.open(named->second);
  if (!source) return answer(id, {404, {}, {}});
  if (transfers_.size() >= most_contents) return answer(id, {503, {}, {}}, {{"Retry-After", "5"}});
  open_.erase(id);
  tunnel::HttpHead head;
  head.id = tunnel::HttpId{id};
  waiting_.emplace_back(id, std::move(head));
  transfers_.push_back({id, std::move(source)});
  pump();
}

// Of the contents in turn; phones' own files are before all of them.
void RelayedHttp::next_piece() {
  Transfer transfer = std::move(transfers_.front());
  transfers_.pop_front();
  tunnel::HttpBody body;
  body.id = tunnel::HttpId{transfer.id};
  const auto state = transfer.source->read(transfer.sent, tunnel::max_http_body, body.bytes);
  if (state != http::BodySource::State::some) {
    waiting_.emplace_back(transfer.id, tunnel::HttpCancel{tunnel::HttpId{transfer.id}});
    return;
  }
  transfer.sent += body.bytes.size();
  body.last = transfer.sent >= transfer.source->bytes();
  const bool more = !body.last;
  waiting_.emplace_back(transfer.id, std::move(body));
  if (more) transfers_.push_back(std::move(transfer));
}

void RelayedHttp::pump() {
  for (;;) {
    while (!waiting_.empty() && send_(waiting_.front().second)) waiting_.pop_front();
    if (!waiting_.empty() || transfers_.empty()) break;
    next_piece();
  }
  if (waiting_.empty()) return;
  timer_.expires_after(retry);
  timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = weak.lock();
    if (self && !error) self->pump();
  });
}

}  // namespace roamdesk::door
