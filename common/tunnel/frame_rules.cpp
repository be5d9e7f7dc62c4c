#include <array>

#include "common/tunnel/frame_codec.hpp"

namespace roamdesk::tunnel {
namespace {

template <class... Fs>
constexpr std::array<FrameTrait, sizeof...(Fs)> traits_of(std::variant<Fs...>*) {
  return {Fs::trait...};
}
constexpr auto traits = traits_of(static_cast<Frame*>(nullptr));

constexpr bool are_distinct() {
  for (std::size_t i = 0; i < traits.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (traits[i].type == traits[j].type || traits[i].name == traits[j].name) return false;
  return true;
}
static_assert(are_distinct(), "two frames have the same type or name");

}  // namespace

const FrameTrait& trait_of(const Frame& frame) {
  return std::visit([]<class F>(const F&) -> const FrameTrait& { return F::trait; }, frame);
}

FrameClass class_of(const Frame& frame) { return trait_of(frame).queue; }

bool may_send(Side side, const Frame& frame) {
  switch (trait_of(frame).sender) {
    case Sender::both:
      return true;
    case Sender::sbc:
      return side == Side::sbc;
    case Sender::core:
      return side == Side::core;
  }
  return false;
}

std::string_view name_of(const Frame& frame) { return trait_of(frame).name; }

std::span<const FrameTrait> frame_traits() { return traits; }

}  // namespace roamdesk::tunnel
