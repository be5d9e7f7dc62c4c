#pragma once
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "common/crypto/certificate.hpp"
#include "common/http/server.hpp"
#include "pbx-core/config.hpp"

namespace roamdesk::core {

// The certificate of HTTPS: the administrator's own files (http.certificate, http.key), else one of the core's CA for
// the names and addresses under which this machine is reached, made again a month before it ends. It watches the files
// and puts what has changed into force without a restart; a pair that can't be used is logged, and the old one goes on.
// On the signalling thread.
class HttpsCertificate {
 public:
  using Clock = std::function<WallTime()>;

  // Throws std::runtime_error where the CA's can't be written.
  HttpsCertificate(const Config& config, const crypto::Authority& authority, Clock now);

  const http::TlsFiles& files() const { return files_; }

  // What changes goes to `server`, and `changed` is called; looks at the files every `interval` from now on.
  void watch(boost::asio::io_context& io, http::Server& server, std::chrono::seconds interval,
             std::function<void()> changed = {});
  void stop();

  // Puts into force what has changed, and makes the core's own again where it is time; the timer calls it. A changed
  // pair is taken once it has stayed the same from one call to the next: a renewal writes two files, one by one.
  void look();

  // After the configuration was read again: other files, or the same with another content.
  void reload(const Config& config);

 private:
  // What tells one state of the files from another.
  struct Stamp {
    std::string text;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  Stamp stamp() const;
  void choose(const Config& config);
  void make();
  bool still_serves() const;
  void use();
  void wait();

  crypto::Authority authority_;
  Clock now_;
  std::filesystem::path state_dir_;
  std::vector<std::string> names_;
  bool own_ = false;  // the administrator's
  http::TlsFiles files_;
  Stamp in_force_, seen_;
  http::Server* server_ = nullptr;
  std::function<void()> changed_;
  std::unique_ptr<boost::asio::steady_timer> timer_;
  std::chrono::seconds interval_{};
};

// The names for a certificate of this machine: the domain, the host's name, localhost, and the addresses of the
// interfaces (or those that are listened on).
std::vector<std::string> names_of_this_machine(const Config& config);

}  // namespace roamdesk::core
