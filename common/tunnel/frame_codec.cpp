#include "common/tunnel/frame_codec.hpp"

#include <array>
#include <cassert>
#include <utility>

#include "common/tunnel/wire.hpp"

namespace roamdesk::tunnel {
namespace {

class Reader {
 public:
  explicit Reader(crypto::ByteView bytes) : rest_(bytes) {}

  template <class T>
  void number(T& value) {
    if (const auto* at = take(sizeof(T))) value = load<T>(at);
  }
  template <class T>
  void present(T& value) {
    number(value);
    if (value == 0) fail(FrameError::bad_value);
  }
  template <class T>
  void at_most(T& value, unsigned most) {
    number(value);
    if (value > most) fail(FrameError::bad_value);
  }
  void flag(bool& value) {
    std::uint8_t byte = 0;
    at_most(byte, 1);
    value = byte == 1;
  }
  template <class E>
  void enumeration(E& value, E first, E last) {
    std::uint8_t byte = static_cast<std::uint8_t>(first);
    number(byte);
    if (byte < static_cast<std::uint8_t>(first) || byte > static_cast<std::uint8_t>(last)) fail(FrameError::bad_value);
    value = static_cast<E>(byte);
  }
  template <class S>
  void strong(S& value) {
    typename S::value_type number_{};
    present(number_);
    value = S{number_};
  }
  template <class S>
  void id(S& value) {
    typename S::value_type array{};
    if (const auto* at = take(array.size())) std::copy_n(at, array.size(), array.begin());
    value = S{array};
  }
  void address(IpAddress& value) {
    std::uint32_t v4 = 0;
    number(v4);
    value = v4;
  }
  void endpoint(Endpoint& value) { address(value.address), number(value.port); }
  void text(std::string& value, std::size_t most) {
    const auto bytes = counted(most);
    value.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  void secret(Secret& value, std::size_t most) {
    std::string revealed;
    text(revealed, most);
    value = Secret{std::move(revealed)};
  }
  void bytes(crypto::Bytes& value, std::size_t most) {
    const auto view = counted(most);
    value.assign(view.begin(), view.end());
  }
  template <class T>
  void list(std::vector<T>& values, std::size_t most) {
    std::uint8_t count = 0;
    number(count);
    if (count > most) fail(FrameError::too_long);
    while (!error_ && values.size() < count) T::fields(*this, values.emplace_back());
  }

  std::optional<FrameError> finish() {
    if (!error_ && !rest_.empty()) error_ = FrameError::trailing;
    return error_;
  }

 private:
  const std::uint8_t* take(std::size_t count) {
    if (rest_.size() < count) fail(FrameError::truncated);
    if (error_) return nullptr;
    const auto* at = rest_.data();
    rest_ = rest_.subspan(count);
    return at;
  }
  crypto::ByteView counted(std::size_t most) {
    std::uint16_t count = 0;
    number(count);
    if (count > most) fail(FrameError::too_long);
    const auto* at = take(count);
    return at != nullptr ? crypto::ByteView{at, count} : crypto::ByteView{};
  }
  void fail(FrameError error) {
    if (!error_) error_ = error;
  }

  crypto::ByteView rest_;
  std::optional<FrameError> error_;
};

class Writer {
 public:
  explicit Writer(crypto::Bytes& out) : out_(out) {}

  template <class T>
  void number(T value) {
    append(out_, value);
  }
  template <class T>
  void present(T value) {
    number(value);
  }
  template <class T>
  void at_most(T value, unsigned) {
    number(value);
  }
  void flag(bool value) { number(std::uint8_t{value}); }
  template <class E>
  void enumeration(E value, E, E) {
    number(static_cast<std::uint8_t>(value));
  }
  template <class S>
  void strong(const S& value) {
    number(value.value());
  }
  template <class S>
  void id(const S& value) {
    out_.insert(out_.end(), value.value().begin(), value.value().end());
  }
  void address(IpAddress value) { number(value.v4()); }
  void endpoint(const Endpoint& value) { address(value.address), number(value.port); }
  void text(std::string_view value, std::size_t) { bytes(crypto::as_bytes(value), 0); }
  void secret(const Secret& value, std::size_t most) { text(value.reveal(), most); }
  void bytes(crypto::ByteView value, std::size_t) {
    number(static_cast<std::uint16_t>(value.size()));
    out_.insert(out_.end(), value.begin(), value.end());
  }
  template <class T>
  void list(const std::vector<T>& values, std::size_t) {
    number(static_cast<std::uint8_t>(values.size()));
    for (const auto& value : values) T::fields(*this, value);
  }

 private:
  crypto::Bytes& out_;
};

class Measure {
 public:
  template <class T>
  void number(T) {
    size_ += sizeof(T);
  }
  template <class T>
  void present(T value) {
    fine_ = fine_ && value != 0;
    number(value);
  }
  template <class T>
  void at_most(T value, unsigned most) {
    fine_ = fine_ && value <= most;
    number(value);
  }
  void flag(bool) { ++size_; }
  template <class E>
  void enumeration(E value, E first, E last) {
    fine_ = fine_ && value >= first && value <= last;
    ++size_;
  }
  template <class S>
  void strong(const S& value) {
    present(value.value());
  }
  template <class S>
  void id(const S& value) {
    size_ += value.value().size();
  }
  // A branch's networks are IPv4.
  void address(IpAddress value) {
    fine_ = fine_ && value.is_v4();
    number(value.v4());
  }
  void endpoint(const Endpoint& value) {
    address(value.address);
    number(value.port);
  }
  void text(std::string_view value, std::size_t most) { counted(value.size(), most); }
  void secret(const Secret& value, std::size_t most) { counted(value.reveal().size(), most); }
  void bytes(crypto::ByteView value, std::size_t most) { counted(value.size(), most); }
  template <class T>
  void list(const std::vector<T>& values, std::size_t most) {
    ++size_;
    fine_ = fine_ && values.size() <= most;
    for (const auto& value : values) T::fields(*this, value);
  }
  bool fine() const { return fine_ && size_ + 1 <= max_frame; }

 private:
  void counted(std::size_t size, std::size_t most) {
    fine_ = fine_ && size <= most;
    size_ += 2 + size;
  }
  std::size_t size_ = 0;
  bool fine_ = true;
};

template <class F>
Result<Frame, FrameError> parse_as(crypto::ByteView body) {
  F frame{};
  Reader reader{body};
  F::fields(reader, frame);
  if (const auto error = reader.finish()) return *error;
  return Frame{std::move(frame)};
}

using Parser = Result<Frame, FrameError> (*)(crypto::ByteView);

// By type; nullptr for a type of no frame.
template <class... Fs>
constexpr std::array<Parser, 256> make_parsers(std::variant<Fs...>*) {
  std::array<Parser, 256> parsers{};
  ((parsers[Fs::trait.type] = &parse_as<Fs>), ...);
  return parsers;
}
constexpr auto parsers = make_parsers(static_cast<Frame*>(nullptr));

}  // namespace

std::string_view describe(FrameError error) {
  switch (error) {
    case FrameError::too_long:
      return "a frame or a field is longer than its limit";
    case FrameError::truncated:
      return "a field ends behind its frame";
    case FrameError::trailing:
      return "bytes behind a frame's last field";
    case FrameError::unknown_type:
      return "a frame of unknown type";
    case FrameError::bad_value:
      return "a field's value is outside its range";
  }
  return "?";
}

Result<Frame, FrameError> parse_frame(crypto::ByteView body) {
  if (body.empty()) return FrameError::truncated;
  if (body.size() > max_frame) return FrameError::too_long;
  const auto parser = parsers[body.front()];
  if (parser == nullptr) return FrameError::unknown_type;
  return parser(body.subspan(1));
}

void append_frame(const Frame& frame, crypto::Bytes& out) {
  assert(fits(frame));
  const auto start = out.size();
  append(out, std::uint32_t{0});
  std::visit(
      [&out]<class F>(const F& f) {
        append(out, F::trait.type);
        Writer writer{out};
        F::fields(writer, f);
      },
      frame);
  store(out.data() + start, static_cast<std::uint32_t>(out.size() - start - 4));
}

bool fits(const Frame& frame) {
  return std::visit(
      []<class F>(const F& f) {
        Measure measure;
        F::fields(measure, f);
        return measure.fine();
      },
      frame);
}

}  // namespace roamdesk::tunnel
