#include "common/http/request_reader.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cassert>

#include "common/http/request_head.hpp"

namespace roamdesk::http {
namespace {
namespace bhttp = boost::beast::http;
constexpr std::size_t most_empty_lines = 8;  // before a request
}  // namespace

struct RequestReader::Parser : bhttp::request_parser<bhttp::string_body> {};

RequestReader::RequestReader(std::size_t header_limit, std::size_t body_limit)
    : header_limit_(header_limit), body_limit_(body_limit) {}
RequestReader::~RequestReader() = default;

RequestReader::State RequestReader::refuse(unsigned status) {
  refusal_ = status;
  return State::refused;
}

RequestReader::State RequestReader::feed(std::string_view bytes) {
  waiting_ += bytes;
  return next();
}

// RFC 9112 §2.2: some clients send an empty line after a body.
void RequestReader::skip_empty_lines() {
  std::size_t at = 0;
  while (at < waiting_.size() && empty_lines_ < most_empty_lines) {
    const std::size_t size = waiting_[at] == '\n' ? 1 : waiting_.compare(at, 2, "\r\n") == 0 ? 2 : 0;
    if (size == 0) break;
    at += size;
    ++empty_lines_;
  }
  waiting_.erase(0, at);
}

// The header is complete. What trailers bring later is no part of it (RFC 9110 §6.5.1).
RequestReader::State RequestReader::take_head() {
  const auto& message = parser_->get();
  head_ = {};
  head_.method = std::string(message.method_string());
  head_.target = std::string(message.target());
  for (const auto& field : message)
    head_.fields.push_back({std::string(field.name_string()), std::string(field.value())});
  has_head_ = true;
  if (const unsigned fault = fault_of_head(message.version(), head_.fields)) return refuse(fault);
  if (!make_origin_form(head_.target, head_.fields, head_.method)) return refuse(400);
  return State::headed;
}

RequestReader::State RequestReader::next() {
  if (refusal_ != 0) return State::refused;
  if (!parser_) {
    skip_empty_lines();
    if (waiting_.empty()) return State::idle;
    if (waiting_ == "\r") return State::header;
    empty_lines_ = 0;
    parser_ = std::make_unique<Parser>();
    parser_->header_limit(static_cast<std::uint32_t>(header_limit_));
    parser_->body_limit(boost::none);  // who may send one is looked at first
    has_head_ = told_to_go_on_ = false;
  }
  // The parser stops behind the header where it isn't eager.
  while (!parser_->is_done()) {
    if (parser_->is_header_done() && !parser_->eager()) {
      if (parser_->content_length().value_or(0) > body_limit_) return refuse(413);
      parser_->body_limit(body_limit_);
      if (!told_to_go_on_ && parser_->get()[bhttp::field::expect] == "100-continue") {
        told_to_go_on_ = true;
        return State::wants_go_on;
      }
      parser_->eager(true);
    }
    if (waiting_.empty()) break;
    boost::system::error_code ec;
    const std::size_t used = parser_->put(boost::asio::buffer(waiting_.data(), waiting_.size()), ec);
    waiting_.erase(0, used);
    if (ec == bhttp::error::body_limit) return refuse(413);
    if (ec == bhttp::error::header_limit) return refuse(431);
    if (ec && ec != bhttp::error::need_more) return refuse(400);
    if (parser_->is_header_done() && !has_head_) {
      if (take_head() == State::refused) return State::refused;
      if (!parser_->is_done()) return State::headed;
    }
    if (ec == bhttp::error::need_more || (used == 0 && !parser_->is_done())) break;
  }
  if (parser_->is_done()) return State::complete;
  return parser_->is_header_done() ? State::body : State::header;
}

std::size_t RequestReader::held() const { return parser_ ? parser_->get().body().size() : 0; }

RequestReader::Taken RequestReader::take() {
  assert(parser_ && parser_->is_done());
  auto message = parser_->release();
  parser_.reset();
  Taken taken;
  taken.keep_alive = message.keep_alive();
  taken.head = message.method() == bhttp::verb::head;
  taken.version = message.version();
  taken.request = std::move(head_);
  taken.request.body = std::move(message.body());
  return taken;
}

}  // namespace roamdesk::http
