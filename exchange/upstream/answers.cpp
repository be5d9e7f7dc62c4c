#include "exchange/upstream/answers.hpp"

#include <charconv>

#include "common/base/text.hpp"

namespace roamdesk::upstream {

std::chrono::seconds min_expires(const sip::Message& response) {
  const auto text = trim(response.header("Min-Expires").value_or(""));
  std::uint32_t seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return std::chrono::seconds{seconds};
}

}  // namespace roamdesk::upstream
