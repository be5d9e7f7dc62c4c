#include "common/http/request_reader.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cassert>

namespace roamdesk::http {
namespace {
namespace bhttp = boost::beast::http;
}

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

RequestReader::State RequestReader::next() {
  if (refusal_ != 0) return State::refused;
  if (!parser_) {
    if (waiting_.empty()) return State::idle;
    parser_ = std::make_unique<Parser>();
    parser_->header_limit(static_cast<std::uint32_t>(header_limit_));
    parser_->body_limit(body_limit_);
    told_to_go_on_ = false;
  }
  // The parser stops behind the header where it isn't eager, so that a client that waits for 100 is seen.
  while (!waiting_.empty() && !parser_->is_done()) {
    boost::system::error_code ec;
    const std::size_t used = parser_->put(boost::asio::buffer(waiting_.data(), waiting_.size()), ec);
    waiting_.erase(0, used);
    if (ec == bhttp::error::need_more) break;
    if (ec == bhttp::error::body_limit) return refuse(413);
    if (ec == bhttp::error::header_limit) return refuse(431);
    if (ec) return refuse(400);
    if (parser_->is_header_done() && !parser_->is_done()) {
      if (!told_to_go_on_ && parser_->get()[bhttp::field::expect] == "100-continue") {
        told_to_go_on_ = true;
        parser_->eager(true);
        return State::wants_go_on;
      }
      parser_->eager(true);
      if (used == 0 && waiting_.empty()) break;
    }
  }
  if (parser_->is_done()) {
    // RFC 9112 §3.2.
    const auto& message = parser_->get();
    if (message.version() >= 11 && message.find(bhttp::field::host) == message.end()) return refuse(400);
    return State::complete;
  }
  return parser_->is_header_done() ? State::body : State::header;
}

RequestReader::Taken RequestReader::take() {
  assert(parser_ && parser_->is_done());
  auto message = parser_->release();
  parser_.reset();
  Taken taken;
  taken.keep_alive = message.keep_alive();
  taken.head = message.method() == bhttp::verb::head;
  taken.version = message.version();
  taken.request.method = std::string(message.method_string());
  taken.request.target = std::string(message.target());
  for (const auto& field : message)
    taken.request.fields.push_back({std::string(field.name_string()), std::string(field.value())});
  taken.request.body = std::move(message.body());
  return taken;
}

}  // namespace roamdesk::http
