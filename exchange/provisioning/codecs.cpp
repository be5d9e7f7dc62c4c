#include "exchange/provisioning/codecs.hpp"

#include <algorithm>

namespace roamdesk::provisioning {

std::vector<phones::CodecName> codecs_of(const std::vector<std::string>& wanted) {
  using phones::CodecName;
  std::vector<CodecName> chosen;
  for (const auto& name : wanted)
    if (const auto codec = phones::parse_codec(name);
        codec && std::find(chosen.begin(), chosen.end(), *codec) == chosen.end())
      chosen.push_back(*codec);
  if (chosen.empty()) chosen = {CodecName::pcma, CodecName::pcmu, CodecName::g722};
  return chosen;
}

}  // namespace roamdesk::provisioning
