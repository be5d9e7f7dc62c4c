#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/sip/multipart.hpp"

// A line with a media type, and a body behind it: what is found is a piece of the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace roamdesk::sip;
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const auto end = std::min(bytes.find('\n'), size);
  const auto type = bytes.substr(0, end), body = bytes.substr(std::min(end + 1, size));
  if (const auto found = find_body(type, body, "application/sdp"))
    if (found->data() < body.data() || found->data() + found->size() > body.data() + body.size()) std::abort();
  (void)is_optional(type);
  return 0;
}
