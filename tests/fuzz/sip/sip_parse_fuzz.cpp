#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

#include "common/sip/call_headers.hpp"
#include "common/sip/digest.hpp"
#include "common/sip/parse.hpp"
#include "common/sip/refer.hpp"
#include "common/sip/request_rules.hpp"
#include "common/sip/stream_framer.hpp"

// Any bytes: as a datagram, and as a stream. What is accepted can be written, read again, and means the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace roamdesk::sip;
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const auto result = parse(bytes);
  if (result) {
    const auto& message = *result;
    const auto again = parse(serialise(message), {256 * 1024, 2000});
    if (!again || !(*again == message)) std::abort();
    (void)make_response(message, 200, "", "t");
    (void)refer_to(message);
    (void)unsupported(message);
    (void)refuse_if_not_understood(message);
    (void)answer_out_of_dialog(message);
    (void)session_expires(message);
    (void)rack(message);
    (void)find_digest_answer(message, "r");
    for (const auto& header : message.headers) (void)parse_replaces(header.value);
  } else if (result.error().answerable) {
    (void)serialise(make_response(*result.error().answerable, 400, "", "t"));
  }

  StreamFramer framer;
  const std::size_t chunk = size > 0 ? 1 + data[0] % 64 : 1;
  for (std::size_t at = 0; at < size; at += chunk) {
    framer.push(bytes.substr(at, chunk));
    for (;;) {
      const auto next = framer.next();
      if (!next || !*next) break;
    }
    if (framer.buffered() > 32 * 1024 + 64) std::abort();
  }
  return 0;
}
