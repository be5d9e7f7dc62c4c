#pragma once
#include <functional>
#include <set>
#include <string>

#include "common/crypto/certificate.hpp"
#include "common/tunnel/link/server.hpp"
#include "pbx-core/door/door_handler.hpp"

namespace roamdesk::door {

// Whose certificate is good, and how one is got. A renewed certificate (Sbc::next_certificate_serial) is good beside
// the one in force until the SBC was seen with it: a crash of either side in between strands no SBC.
class Enrolments {
 public:
  Enrolments(DoorHandler& handler, crypto::Authority authority, std::chrono::hours lifetime,
             std::function<WallTime()> now)
      : handler_(handler), authority_(std::move(authority)), lifetime_(lifetime), now_(std::move(now)) {}

  const crypto::Authority& authority() const { return authority_; }
  // Into `record`; good for 24 h.
  Secret make_key(Sbc& record) const;
  bool is_allowed(const std::string& name, std::string_view serial);
  // `replaced` is called where an identity that was in use isn't good any more.
  void enrol(const tunnel::Enrol& request, tunnel::link::ServerHandler::Reply reply, std::function<void()> replaced);
  void renew(const std::string& name, const std::string& request, tunnel::link::ServerHandler::Reply reply);

  // For an SBC's networks, for serverAuth (tunnel::LanCertificate).
  Result<std::string, crypto::CertificateError> certify(const std::string& request,
                                                        const std::vector<std::string>& addresses) const;

 private:
  struct Signed {
    std::string certificate, serial;
  };
  void tell_refused(const std::string& name, tunnel::Reason why);
  Result<Signed, tunnel::Goodbye> sign(const std::string& request, const std::string& name) const;

  DoorHandler& handler_;
  crypto::Authority authority_;
  std::chrono::hours lifetime_;
  std::function<WallTime()> now_;
  WallTime refusals_since_{};
  unsigned refusals_told_ = 0;
  std::set<std::string> under_way_;  // a key works once, also where two come at once
};

}  // namespace roamdesk::door
