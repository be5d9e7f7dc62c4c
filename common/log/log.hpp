#pragma once
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"
#include "common/base/secret.hpp"

// One line an event, to standard error: `2026-11-22T22:00:00.000Z info sbc.connected sbc=branch-1 rtt_ms=12`, or the
// same as a JSON object. A line is put in a bounded queue and written by a thread of its own, so that a slow reader of
// standard error never stalls signalling; what doesn't fit is counted and told. Any thread may log.
namespace roamdesk::log {

enum class Level : std::uint8_t { debug, info, warning, error };
enum class Format : std::uint8_t { text, json };

struct Settings {
  Level level = Level::info;     // debug, info, warning, error
  Format format = Format::text;  // text: key=value; json: one object a line
  friend bool operator==(const Settings&, const Settings&) = default;
};

// A field's value: text, number, truth. A Secret becomes ***.
class Value {
 public:
  Value(std::string text) : text_(std::move(text)) {}
  Value(std::string_view text) : text_(text) {}
  Value(const char* text) : text_(text) {}
  Value(const Secret&) : text_("***") {}
  Value(const Endpoint& endpoint) : text_(to_string(endpoint)) {}
  Value(IpAddress address) : text_(to_string(address)) {}
  Value(const SiteId& site) : text_(site.value()) {}
  Value(bool truth) : text_(truth ? "true" : "false"), bare_(true) {}
  template <class T>
  requires std::is_arithmetic_v<T> Value(T number) : text_(fmt::to_string(number)), bare_(true) {}
  template <class Tag>
  Value(const Strong<Tag, std::string>& id) : text_(id.value()) {}
  template <class Tag, class T>
  requires std::is_arithmetic_v<T> Value(const Strong<Tag, T>& id) : text_(fmt::to_string(id.value())), bare_(true) {}

  const std::string& text() const { return text_; }
  bool bare() const { return bare_; }  // a number or a truth: no quotes in JSON

 private:
  std::string text_;
  bool bare_ = false;
};

struct Field {
  std::string_view key;  // snake_case
  Value value;
};
using Fields = std::initializer_list<Field>;

// `name` says what happened, "sbc.connected"; secrets, PINs and Authorization headers are never among the fields.
void write(Level level, std::string_view name, Fields fields = {});
inline void debug(std::string_view name, Fields fields = {}) { write(Level::debug, name, fields); }
inline void info(std::string_view name, Fields fields = {}) { write(Level::info, name, fields); }
inline void warning(std::string_view name, Fields fields = {}) { write(Level::warning, name, fields); }
inline void error(std::string_view name, Fields fields = {}) { write(Level::error, name, fields); }

// Events that strangers can cause without bound: the first line of each of a few sources a minute, and then one line
// `name.more` with how many there were (throttle.hpp). Texts are cut to 64 characters, unprintable ones shown as "?".
void repeated(Level level, std::string_view name, std::string_view source, Fields fields);

// Level and format; may be called again (SIGHUP).
void configure(const Settings& settings);
// Whether an event of this level would be written: to spare costly fields.
bool enabled(Level level);
// Waits until what was logged is written, at most a second: at the end of main.
void flush();

// Takes the lines (without line end) in place of standard error, on the logging thread; an empty one takes it back.
// For tests.
using Sink = std::function<void(std::string_view line)>;
void set_sink(Sink sink);

// One line as it would be written; `when` is the time's text.
std::string render(Format format, std::string_view when, Level level, std::string_view name,
                   std::span<const Field> fields);
inline std::string render(Format format, std::string_view when, Level level, std::string_view name, Fields fields) {
  return render(format, when, level, name, std::span{fields.begin(), fields.size()});
}

}  // namespace roamdesk::log
