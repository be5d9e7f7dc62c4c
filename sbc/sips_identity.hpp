#pragma once
#include <filesystem>
#include <vector>

#include "common/sip_transport/sip_streams.hpp"
#include "sbc/config.hpp"

namespace roamdesk::sbc {

// The certificate of SIP over TLS on the branch's networks: the SBC's own, made at the first start
// (state_dir/sips.pem). An operator with a certificate of their own puts its chain and key there. Throws
// std::runtime_error.
net::TlsIdentity load_or_make_sips_identity(const std::filesystem::path& state_dir, const std::vector<LanConfig>& lans);

}  // namespace roamdesk::sbc
