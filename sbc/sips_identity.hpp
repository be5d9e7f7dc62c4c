#pragma once
#include <filesystem>
#include <vector>

#include "common/sip_transport/sip_streams.hpp"
#include "sbc/config.hpp"

namespace roamdesk::sbc {

// The certificate of SIP over TLS on the branch's networks: the SBC's own, made at the first start
// (state_dir/sips.pem), until it has one of the core's authority (lan/lan_certificate.hpp). An operator with a
// certificate of their own puts its chain and key there. Throws std::runtime_error.
net::TlsIdentity load_or_make_sips_identity(const std::filesystem::path& state_dir, const std::vector<LanConfig>& lans);
// Whether it is one that was made here, and not the operator's.
bool is_made_by_us(const net::TlsIdentity& identity);

}  // namespace roamdesk::sbc
