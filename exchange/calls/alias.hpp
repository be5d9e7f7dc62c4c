#pragma once
#include <string>

namespace roamdesk::calls {

// What the person's lamp calls a dialog: random. Its own names are only its peer's to know.
struct Alias {
  std::string call_id{}, local_tag{}, remote_tag{};
};

}  // namespace roamdesk::calls
