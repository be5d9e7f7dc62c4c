#pragma once
#include <array>
#include <string>
#include <type_traits>
#include <vector>

#include "common/tunnel/frame_codec.hpp"

namespace roamdesk::tunnel {

template <class Id>
Id id_of(std::uint8_t byte) {
  std::array<std::uint8_t, 16> bytes;
  bytes.fill(byte);
  return Id{bytes};
}

inline const Endpoint face{IpAddress{0xc0a80105}, 5060}, phone{IpAddress{0xc0a80164}, 5062};

// Fills a frame's fields, each with another value than its default and than the other fields'.
class Sampler {
 public:
  void number(auto& value) { value = static_cast<std::remove_reference_t<decltype(value)>>(next()); }
  void present(auto& value) { number(value); }
  void at_most(auto& value, unsigned most) {
    number(value);
    if (value > most) value = static_cast<std::remove_reference_t<decltype(value)>>(most);
  }
  void flag(bool& value) { value = !value; }
  template <class E>
  void enumeration(E& value, E, E last) {
    value = last;
  }
  template <class S>
  void strong(S& value) {
    value = S{static_cast<typename S::value_type>(next())};
  }
  template <class S>
  void id(S& value) {
    value = id_of<S>(next());
  }
  void address(IpAddress& value) { value = IpAddress{0xc0a80100U + next()}; }
  void endpoint(Endpoint& value) {
    address(value.address);
    number(value.port);
  }
  void text(std::string& value, std::size_t most) {
    value = ("text " + std::to_string(next()) + std::string("\0\xff", 2)).substr(0, most);
  }
  void secret(Secret& value, std::size_t most) {
    std::string revealed;
    text(revealed, most);
    value = Secret{revealed};
  }
  void bytes(crypto::Bytes& value, std::size_t) { value = {next(), next(), 0}; }
  template <class T>
  void list(std::vector<T>& values, std::size_t) {
    values.resize(2);
    for (auto& value : values) T::fields(*this, value);
  }

 private:
  std::uint8_t next() { return ++last_; }
  std::uint8_t last_ = 0;
};

template <class... Fs>
std::vector<Frame> make_samples(std::variant<Fs...>*) {
  const auto sample = []<class F>(F frame) {
    Sampler sampler;
    F::fields(sampler, frame);
    return Frame{std::move(frame)};
  };
  return {sample(Fs{})...};
}

// One of every type, made from the frames themselves.
inline std::vector<Frame> sample_frames() { return make_samples(static_cast<Frame*>(nullptr)); }

}  // namespace roamdesk::tunnel
