#include "common/post/signature.hpp"

namespace roamdesk::post {

std::string signed_text(std::int64_t seconds, std::string_view body) {
  std::string text = std::to_string(seconds);
  text += '.';
  text += body;
  return text;
}

}  // namespace roamdesk::post
