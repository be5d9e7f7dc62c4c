#include "tests/support/phone/writer.hpp"

namespace roamdesk::phone {

Writer::Writer(std::string_view first_line) {
  text_.reserve(1200);  // most messages
  text_.append(first_line).append("\r\n");
}

Writer& Writer::add(std::string_view name, std::string_view value) { return add(name, value, {}); }

Writer& Writer::add(std::string_view name, std::string_view value, std::string_view rest) {
  text_.append(name).append(": ").append(value).append(rest).append("\r\n");
  return *this;
}

Writer& Writer::lines(std::string_view whole) {
  text_.append(whole);
  return *this;
}

std::string Writer::finish(std::string_view body, std::string_view type) {
  if (!body.empty()) add("Content-Type", type);
  add("Content-Length", std::to_string(body.size()));
  text_.append("\r\n").append(body);
  return std::move(text_);
}

void insert(std::string& message, std::string_view lines) { message.insert(message.find("\r\n\r\n") + 2, lines); }

}  // namespace roamdesk::phone
