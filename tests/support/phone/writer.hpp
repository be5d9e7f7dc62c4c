#pragma once
#include <functional>
#include <string>
#include <string_view>

namespace roamdesk::phone {

// A message while it is written, from its first line to its body.
class Writer {
 public:
  explicit Writer(std::string_view first_line);
  Writer& add(std::string_view name, std::string_view value);
  Writer& add(std::string_view name, std::string_view value, std::string_view rest);  // value and rest in one
  // Header lines as they stand, each with its CRLF; or nothing.
  Writer& lines(std::string_view whole);
  // With its Content-Type, where there is a body, and its Content-Length.
  std::string finish(std::string_view body = {}, std::string_view type = "application/sdp");

 private:
  std::string text_;
};

// What else a caller of these objects wants to change in a message before it leaves; may be empty.
using Edit = std::function<void(std::string& message)>;

// Header lines into a message that is written already.
void insert(std::string& message, std::string_view lines);

}  // namespace roamdesk::phone
