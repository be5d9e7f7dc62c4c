#pragma once
#include <boost/asio/ssl/context.hpp>
#include <optional>
#include <string>

#include "common/crypto/certificate.hpp"
#include "common/tunnel/media_keys.hpp"

// The tunnel's TLS: version 1.3 only, ALPN "roamdesk/1", no session tickets (a resumption would skip the look at the
// certificate), certificates of the core's own authority on both sides (docs/tunnel.md §2).
namespace roamdesk::tunnel::link {

inline constexpr const char* alpn = "roamdesk/1";
inline constexpr const char* core_name = "core.roamdesk";  // a name in every core's certificate

// Throw std::runtime_error where key and certificate can't be used.
boost::asio::ssl::context make_server_context(const crypto::Identity& identity);
boost::asio::ssl::context make_client_context(const crypto::Identity& identity);

// For enrolment: no certificate of ours; theirs must chain to a CA certificate, sent along, whose digest is
// `authority`. `wrong_authority` is set where that is what fails; it outlives the handshake.
boost::asio::ssl::context make_enrolment_context(const crypto::Sha256Digest& authority, bool& wrong_authority);

// After the handshake.
struct PeerCertificate {
  std::string common_name, serial;
  WallTime until{};
};
std::optional<PeerCertificate> peer_certificate(SSL* ssl);
bool speaks_roamdesk(SSL* ssl);
MediaSecret export_media_secret(SSL* ssl);
// Whether this error says that the other end refuses our certificate.
bool refuses_certificate(const boost::system::error_code& error);

}  // namespace roamdesk::tunnel::link
