#include "exchange/routing/route.hpp"

namespace roamdesk::routing {

Route route(std::string_view user, const Dialler& dialler, const Codes& codes, const Directory& directory) {
  const auto dialled = parse_dialled(user, codes);
  switch (dialled.kind) {
    case DialKind::emergency:
      return ToEmergency{dialled.digits};
    case DialKind::dialogue:
      // People must learn why.
      if (!dialler.hot_desk) return ToDialogue{ivr::Announce{ivr::Prompt::not_a_hot_desk}};
      return ToDialogue{dialled.purpose};
    case DialKind::number:
      break;
  }
  if (!dialler.extension) return Refused{403, "Nobody is logged in at this desk"};
  if (dialled.digits.empty()) return Refused{484, "Address Incomplete"};
  const ExtensionNumber number{dialled.digits};
  if (!directory.extension(number)) return Refused{404, "Not Found"};
  return ToExtension{number};
}

}  // namespace roamdesk::routing
