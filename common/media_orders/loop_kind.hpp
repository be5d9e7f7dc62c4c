#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "common/base/words.hpp"

namespace roamdesk::media {

// How a media thread asks the kernel for packets. `automatic`: by io_uring where the machine has and allows it.
enum class LoopKind : std::uint8_t { automatic, io_uring, epoll };

}  // namespace roamdesk::media

namespace roamdesk {
template <>
inline constexpr std::array<std::string_view, 3> words<media::LoopKind> = {"auto", "io_uring", "epoll"};
}  // namespace roamdesk
