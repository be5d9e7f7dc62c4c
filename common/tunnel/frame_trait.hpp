#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

// What a frame of the control stream says of itself (docs/tunnel.md §3): its number, its name, who may send it, its
// queue, and its fields in the order of the wire with their limits. Codec, rules and tests are made from it.
//
// A frame is a struct with
//   static constexpr FrameTrait trait{…};
//   static void fields(auto& a, auto& f) { … }
// where `a` is the archive that walks the frame `f`, be it reader, writer or the check of limits: number(x),
// enumeration(x, first, last), flag(b), text(s, most), secret(s, most), bytes(b, most), id(array), address(ip),
// endpoint(e), list(v, most) of structs with fields() of their own, at_most(x, most), and present(x) and strong(id) for
// what mustn't be 0.
namespace roamdesk::tunnel {

// Which queue a frame takes (docs/tunnel.md §4).
enum class FrameClass : std::uint8_t { connection, signalling, media, bulk };
enum class Side : std::uint8_t { sbc, core };
enum class Sender : std::uint8_t { sbc, core, both };

struct FrameTrait {
  // Types are 1..255. There are no defaults: a trait without one of these doesn't compile.
  consteval FrameTrait(std::uint8_t type_, std::string_view name_, Sender sender_, FrameClass queue_)
      : type(type_), name(name_), sender(sender_), queue(queue_) {
    if (type == 0 || name.empty()) throw "a frame has a type and a name";
  }

  std::uint8_t type;
  std::string_view name;  // in logs and docs/tunnel.md
  Sender sender;
  FrameClass queue;
};

// The frames of one subject; `+` joins subjects.
template <class... Fs>
struct FrameList {
  using Variant = std::variant<Fs...>;
  template <class... Gs>
  FrameList<Fs..., Gs...> operator+(FrameList<Gs...>) const;
};

// Limits in bytes, and of lists in elements.
inline constexpr std::size_t max_sip_message = 65535, max_http_body = 16 * 1024, max_media_datagram = 2048;
inline constexpr std::size_t most_name = 64, most_software = 64, most_text = 512, most_pem = 16 * 1024, most_lans = 32,
                             most_headers = 64, most_header_name = 128, most_header_value = 4096, most_method = 16,
                             most_path = 2048, most_srtp_key = 44;

}  // namespace roamdesk::tunnel
