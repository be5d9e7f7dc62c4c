#include "pbx-core/operations/start.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "common/asio/wall_clock.hpp"
#include "common/log/log.hpp"
#include "pbx-core/backup/scratch.hpp"
#include "pbx-core/backup/staged.hpp"
#include "pbx-core/platform/files.hpp"

namespace roamdesk::core {

void prepare(const Config& config) {
  log::configure(config.log);
  std::filesystem::create_directories(config.state_dir);
  ::chmod(config.state_dir.c_str(), 0700);
  const auto placed = backup::take_place(config.state_dir, wall_now());
  if (placed.restored) log::warning("backup.restored", {{"state_dir", config.state_dir.string()}});
  if (!placed.given_up.empty()) log::error("backup.restore_failed", {{"why", placed.given_up}});
  backup::clear_away_halves(config.state_dir, config.backup ? config.backup->directory : std::filesystem::path{});
}

void make_first_administrator(std::vector<User>& users, store::Store& store, const api::Hasher& hasher,
                              const std::filesystem::path& state_dir, WallTime now) {
  const char* password = std::getenv("PBX_CORE_ADMIN_PASSWORD");
  const auto first =
      api::make_first_administrator(users, store, hasher, Secret{password ? password : ""}, state_dir, now);
  if (!first || !first->made_up) return;
  if (::isatty(STDOUT_FILENO))
    fmt::print("The first administrator is `admin` with the password {}\n", first->made_up->reveal());
  else  // a log, which others read
    fmt::print("The first administrator is `admin`; the password is in {}\n",
               (state_dir / "initial-admin-password").string());
}

std::optional<net::TlsIdentity> load_sips_identity(const Config& config, const HttpsCertificate& https) {
  if (!config.sip.tls) return std::nullopt;
  return net::TlsIdentity{read_file(https.files().certificate), Secret{read_file(https.files().key)}};
}

void watch_certificate(HttpsCertificate& https, boost::asio::io_context& io, http::Server& server, const Config& config,
                       door::Door& door) {
  https.watch(io, server, std::chrono::seconds{10}, [&https, &config, &door] {
    if (const auto sips = load_sips_identity(config, https)) door.use_sips_identity(*sips);
  });
}

}  // namespace roamdesk::core
