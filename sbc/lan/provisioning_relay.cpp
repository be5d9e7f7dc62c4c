#include "sbc/lan/provisioning_relay.hpp"

#include <array>
#include <boost/asio/io_context.hpp>
#include <charconv>
#include <system_error>

#include "common/http/content.hpp"
#include "common/http/provisioning.hpp"

namespace roamdesk::sbc {
namespace {

http::Response answer(unsigned status) {
  http::Response response;
  response.status = status;
  if (status == 503) response.fields.push_back({"Retry-After", "10"});
  return response;
}

// Of an answer to a HEAD.
class Nothing final : public http::BodySource {
 public:
  State read(std::uint64_t, std::size_t, std::string&) override { return State::failed; }
};

bool is_provisioning(const http::Request& request, std::size_t longest) {
  if (request.target.size() > longest || !request.target.starts_with("/provision/")) return false;
  const std::string path = request.path();  // "" where an escape is broken
  return path.starts_with("/provision/") && path.find("/../") == path.npos && !path.ends_with("/..");
}

using Content = std::pair<std::string, std::uint64_t>;

// "SHA256 BYTES"
std::optional<Content> read_content(std::string_view text) {
  const auto blank = text.find(' ');
  if (blank == std::string_view::npos || !http::is_sha256(text.substr(0, blank))) return std::nullopt;
  const auto digits = text.substr(blank + 1);
  std::uint64_t bytes = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bytes);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return Content{text.substr(0, blank), bytes};
}

}  // namespace

ProvisioningRelay::ProvisioningRelay(boost::asio::io_context& io, Limits limits, Send send,
                                     std::filesystem::path contents)
    : timer_(io), limits_(limits), send_(std::move(send)) {
  if (!contents.empty()) contents_.emplace(std::move(contents), ContentCache::Limits{});
}

void ProvisioningRelay::handle(http::Request request, http::Respond respond) {
  if (auto refusal = http::provisioning_refusal(request)) {
    ++refused_;
    respond(std::move(*refusal));
    return;
  }
  if (!is_provisioning(request, limits_.target)) {
    ++refused_;
    respond(answer(404));
    return;
  }
  const auto place = places_.enter(request.peer.address, false, std::chrono::steady_clock::now());
  if (!place) {
    ++refused_;
    respond(answer(503));
    return;
  }
  places_.set_standing(place->place, Places::Standing::stays);
  tunnel::HttpRequest frame;
  frame.id = tunnel::HttpId{++last_};
  frame.face = request.local;
  frame.peer = request.peer;
  frame.method = request.method;
  frame.path = request.target;
  // What provisioning looks at; cookies, credentials and the rest stay on the LAN.
  constexpr std::array<std::string_view, 4> passed{"User-Agent", "Accept", "If-None-Match", "If-Modified-Since"};
  for (const auto name : passed)
    if (const auto value = request.field(name); value && value->size() <= 1024)
      frame.headers.push_back({std::string{name}, std::string{*value}});
  if (contents_) frame.headers.push_back({std::string{tunnel::content_header}, "1"});
  if (!send_(std::move(frame))) {
    places_.leave(place->place);
    respond(answer(503));
    return;
  }
  ++relayed_;
  Waiting waiting;
  waiting.respond = std::move(respond);
  waiting.peer = request.peer.address;
  waiting.knows_token = !http::is_for_anybody(request.target);
  waiting.place = place->place;
  waiting.head = request.method == "HEAD";
  if (const auto range = request.field("Range"); range && range->size() <= 128) waiting.range = std::string{*range};
  waiting.until = std::chrono::steady_clock::now() + limits_.patience;
  waiting_.emplace(last_, std::move(waiting));
  watch();
}

void ProvisioningRelay::handle(tunnel::HttpHead head) {
  const auto found = waiting_.find(head.id.value());
  if (found == waiting_.end() || found->second.has_head) return;
  found->second.has_head = true;
  found->second.response.status = head.status;
  for (auto& header : head.headers) {
    if (header.name == tunnel::content_header) {
      if (const auto named = read_content(header.value))
        found->second.content = Waiting::Content{named->first, named->second};
      continue;
    }
    found->second.response.fields.push_back({std::move(header.name), std::move(header.value)});
  }
}

void ProvisioningRelay::handle(tunnel::HttpBody body) {
  if (take_piece(body)) return;
  const auto found = waiting_.find(body.id.value());
  if (found == waiting_.end()) return;
  Waiting& waiting = found->second;
  if (!waiting.has_head || waiting.response.body.size() + body.bytes.size() > limits_.body ||
      held_ + body.bytes.size() > limits_.body_in_all) {
    send_(tunnel::HttpCancel{body.id});
    finish(body.id.value(), 502);
    return;
  }
  held_ += body.bytes.size();
  waiting.response.body += body.bytes;
  if (body.last) finish(body.id.value(), 0);
}

void ProvisioningRelay::handle(const tunnel::HttpCancel& cancel) {
  give_up_content(cancel.id.value());
  finish(cancel.id.value(), 502);
}

void ProvisioningRelay::handle_disconnected() {
  while (!coming_.empty()) give_up_content(coming_.begin()->first);
  while (!waiting_.empty()) finish(waiting_.begin()->first, 503);
}

// `status` 0: what the core said.
void ProvisioningRelay::finish(std::uint32_t id, unsigned status) {
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) return;
  Waiting waiting = std::move(found->second);
  waiting_.erase(found);
  held_ -= waiting.response.body.size();
  places_.leave(waiting.place);
  if (status == 0 && waiting.response.status == 200 && waiting.knows_token) {
    places_.remember(waiting.peer, std::chrono::steady_clock::now());
    waiting.response.vouches_for_peer = true;
    if (waiting.content) return waiting.respond(long_answer(waiting));
  }
  waiting.respond(status == 0 ? std::move(waiting.response) : answer(status));
}

http::Response ProvisioningRelay::long_answer(const Waiting& waiting) {
  std::string type = "application/octet-stream";
  for (const auto& field : waiting.response.fields)
    if (field.name == "Content-Type") type = field.value;
  auto ticket = downloads_.enter(waiting.peer);
  // A HEAD brings nothing over the line.
  std::shared_ptr<http::BodySource> source;
  if (waiting.head)
    source = std::make_shared<Nothing>();
  else if (ticket)
    source = source_of(*waiting.content);
  auto response = source ? http::content_response(std::move(source), waiting.content->bytes, std::move(type),
                                                  waiting.range, std::move(ticket))
                         : answer(503);
  response.vouches_for_peer = true;
  return response;
}

std::shared_ptr<http::BodySource> ProvisioningRelay::source_of(const Waiting::Content& content) {
  if (!contents_) return nullptr;
  if (auto known = contents_->find(content.sha256, content.bytes)) return known;
  auto source = contents_->begin(content.sha256, content.bytes);
  if (!source) return nullptr;
  tunnel::HttpRequest frame;
  frame.id = tunnel::HttpId{++last_};
  frame.method = "GET";
  frame.path = std::string{tunnel::content_path} + content.sha256;
  if (!send_(std::move(frame))) {
    contents_->give_up(content.sha256);
    return nullptr;
  }
  coming_.emplace(last_, Coming{content.sha256, std::chrono::steady_clock::now()});
  watch();
  return source;
}

bool ProvisioningRelay::take_piece(const tunnel::HttpBody& body) {
  const auto found = coming_.find(body.id.value());
  if (found == coming_.end()) return false;
  found->second.heard = std::chrono::steady_clock::now();
  const bool good = !body.bytes.empty() && contents_->append(found->second.sha256, body.bytes);
  if (!good && !body.last) send_(tunnel::HttpCancel{body.id});
  if (!good || body.last) give_up_content(body.id.value());
  return true;
}

// What is whole by then stays.
void ProvisioningRelay::give_up_content(std::uint32_t id) {
  const auto found = coming_.find(id);
  if (found == coming_.end()) return;
  contents_->give_up(found->second.sha256);
  coming_.erase(found);
}

void ProvisioningRelay::watch() {
  if (watching_ || (waiting_.empty() && coming_.empty())) return;
  watching_ = true;
  timer_.expires_after(std::chrono::seconds{1});
  timer_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    watching_ = false;
    const auto now = std::chrono::steady_clock::now();
    std::vector<std::uint32_t> late;
    for (const auto& [id, waiting] : waiting_)
      if (waiting.until <= now) late.push_back(id);
    for (const auto& [id, coming] : coming_)
      if (coming.heard + limits_.patience <= now) late.push_back(id);
    for (const auto id : late) {
      send_(tunnel::HttpCancel{tunnel::HttpId{id}});
      give_up_content(id);
      finish(id, 504);
    }
    watch();
  });
}

}  // namespace roamdesk::sbc
