#pragma once
#include <filesystem>
#include <optional>
#include <vector>

#include "common/sip_transport/sip_streams.hpp"
#include "pbx-core/api/first_administrator.hpp"
#include "pbx-core/config.hpp"
#include "pbx-core/door/door.hpp"
#include "pbx-core/platform/https_certificate.hpp"

namespace roamdesk::core {

// The log as configured, and state_dir, which no other user may read; where a restore was settled, with what it brings.
// Throws std::filesystem::filesystem_error, and backup::BackupError.
void prepare(const Config& config);

// Where there is no administrator, makes one (PBX_CORE_ADMIN_PASSWORD, else a password that is printed, once, where
// there is a terminal; the log never has it) and adds it to `users`. Blocks; for the start.
void make_first_administrator(std::vector<User>& users, store::Store& store, const api::Hasher& hasher,
                              const std::filesystem::path& state_dir, WallTime now);

// The console's certificate is SIP's over TLS as well; nullopt where no such listener is wanted.
std::optional<net::TlsIdentity> load_sips_identity(const Config& config, const HttpsCertificate& https);

// Puts what changes into force, of SIP over TLS as well.
void watch_certificate(HttpsCertificate& https, boost::asio::io_context& io, http::Server& server, const Config& config,
                       door::Door& door);

}  // namespace roamdesk::core
