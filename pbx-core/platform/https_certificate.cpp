#include "pbx-core/platform/https_certificate.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "common/config/types.hpp"
#include "common/crypto/random.hpp"
#include "common/log/log.hpp"
#include "pbx-core/platform/certificate_files.hpp"
#include "pbx-core/platform/files.hpp"

namespace roamdesk::core {
namespace {

constexpr auto lifetime = std::chrono::hours{24 * 365};
constexpr auto renewed_before_its_end = std::chrono::hours{24 * 30};

// Private from its first byte, and whole before it has its name.
void write(const std::filesystem::path& file, const std::string& text) {
  const std::filesystem::path draft = file.string() + ".new";
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool written = fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (fd >= 0) ::close(fd);
  if (!written) throw std::runtime_error("can't write " + draft.string());
  std::filesystem::rename(draft, file);
}

void add(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

}  // namespace

std::vector<std::string> names_of_this_machine(const Config& config) {
  std::vector<std::string> names{config.sip.domain, "localhost"};
  char host[256] = {};
  if (::gethostname(host, sizeof host - 1) == 0 && config::is_host(host)) add(names, host);
  bool everywhere = false;
  for (const auto& listener : {config.http.tls, config.sip.tls}) {
    if (!listener) continue;
    if (listener->address.is_unspecified())
      everywhere = true;
    else
      add(names, to_string(listener->address));
  }
  if (!everywhere) return names;
  // Of IPv6 those alone that the configuration names: they change (RFC 8981), and each change would be a new
  // certificate.
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return names;
  for (const ifaddrs* i = all; i; i = i->ifa_next)
    if (i->ifa_addr && i->ifa_addr->sa_family == AF_INET)
      add(names, to_string(IpAddress{ntohl(reinterpret_cast<const sockaddr_in*>(i->ifa_addr)->sin_addr.s_addr)}));
  ::freeifaddrs(all);
  return names;
}

HttpsCertificate::HttpsCertificate(const Config& config, const crypto::Authority& authority, Clock now)
    : authority_(authority), now_(std::move(now)), state_dir_(config.state_dir) {
  choose(config);
  in_force_ = seen_ = stamp();
}

void HttpsCertificate::choose(const Config& config) {
  own_ = config.http.certificate && config.http.key;
  if (own_) {
    files_ = {*config.http.certificate, *config.http.key};
    return;
  }
  files_ = {state_dir_ / "https.pem", state_dir_ / "https.key"};
  names_ = names_of_this_machine(config);
  if (!still_serves()) make();
}

// Ours, for all the names, for a while yet. Kept over restarts where it does: browsers remember it.
bool HttpsCertificate::still_serves() const {
  const std::string text = read_file(files_.certificate);
  const auto info = crypto::inspect_certificate(text);
  if (!info || info->not_after - renewed_before_its_end < now_()) return false;
  const auto has = [&](const std::string& name) {
    return std::count(info->dns_names.begin(), info->dns_names.end(), name) > 0 ||
           std::count(info->addresses.begin(), info->addresses.end(), name) > 0;
  };
  return text.ends_with(authority_.certificate()) && std::all_of(names_.begin(), names_.end(), has) &&
         !certificate_fault(files_.certificate, files_.key);
}

void HttpsCertificate::make() {
  const auto identity = authority_.make_server(names_, crypto::random_bytes(16), now_(), lifetime);
  write(files_.key, identity.key.reveal());
  write(files_.certificate, identity.certificate);
  log::info("https.certificate_made", {{"names", fmt::format("{}", fmt::join(names_, " "))}});
}

HttpsCertificate::Stamp HttpsCertificate::stamp() const {
  Stamp stamp;
  for (const auto& file : {files_.certificate, files_.key}) {
    struct stat about {};
    if (::stat(file.c_str(), &about) != 0) about = {};
    stamp.text += fmt::format("{} {} {} {}.{} ", file.string(), about.st_ino, about.st_size, about.st_mtim.tv_sec,
                              about.st_mtim.tv_nsec);
  }
  return stamp;
}

void HttpsCertificate::use() {
  in_force_ = seen_ = stamp();
  if (!server_) return;
  if (const auto fault = certificate_fault(files_.certificate, files_.key)) {
    log::error("https.certificate_refused",
               {{"file", (fault->of_key ? files_.key : files_.certificate).string()}, {"expected", fault->expected}});
    return;
  }
  if (const auto used = server_->use_certificate(files_); !used) {
    log::error("https.certificate_refused", {{"file", files_.certificate.string()}, {"why", used.error().message()}});
    return;
  }
  if (changed_) changed_();
  const auto info = crypto::inspect_certificate(read_file(files_.certificate));
  log::info("https.certificate_changed", {{"serial", info ? info->serial : ""}});
  if (info && info->not_after < now_())
    log::warning("https.certificate_expired", {{"file", files_.certificate.string()}});
}

void HttpsCertificate::reload(const Config& config) {
  try {
    choose(config);
    use();
  } catch (const std::exception& error) {
    log::error("https.certificate_refused", {{"why", error.what()}});
  }
}

void HttpsCertificate::look() {
  const Stamp present = stamp();
  const bool quiet = present == std::exchange(seen_, present);
  if (quiet && present != in_force_) return use();
  if (own_ || still_serves()) return;
  try {
    make();
    use();
  } catch (const std::exception& error) {
    log::error("https.certificate_refused", {{"why", error.what()}});
  }
}

void HttpsCertificate::watch(boost::asio::io_context& io, http::Server& server, std::chrono::seconds interval,
                             std::function<void()> changed) {
  server_ = &server;
  changed_ = std::move(changed);
  interval_ = interval;
  timer_ = std::make_unique<boost::asio::steady_timer>(io);
  wait();
}

void HttpsCertificate::wait() {
  timer_->expires_after(interval_);
  timer_->async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    look();
    wait();
  });
}

void HttpsCertificate::stop() { timer_.reset(); }

}  // namespace roamdesk::core
