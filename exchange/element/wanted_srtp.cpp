#include "exchange/element/wanted_srtp.hpp"

namespace roamdesk::element {

Srtp wanted_srtp(const Context& context, const std::optional<Mac>& phone, const SiteId& site) {
  const auto& directory = context.directory;
  if (const Phone* known = phone ? directory.phone(*phone) : nullptr) {
    const HotDesk* desk = known->extension ? nullptr : directory.desk_of(*phone);
    if (const auto own = desk ? desk->options.srtp : known->srtp) return *own;
  }
  const Sbc* sbc = directory.sbc(site.value());
  return sbc && sbc->srtp ? *sbc->srtp : context.settings().srtp;
}

}  // namespace roamdesk::element
