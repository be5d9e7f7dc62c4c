#include <cstdlib>

#include "common/tunnel/frame_codec.hpp"

// A frame that parses is within its limits and is written back as the same bytes: one frame has one form.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace roamdesk::tunnel;
  const auto frame = parse_frame({data, size});
  if (!frame) return 0;
  if (!fits(*frame)) std::abort();
  roamdesk::crypto::Bytes bytes;
  append_frame(*frame, bytes);
  if (!std::equal(bytes.begin() + 4, bytes.end(), data, data + size)) std::abort();
  return 0;
}
