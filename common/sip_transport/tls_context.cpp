#include "common/sip_transport/tls_context.hpp"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "common/base/endpoint.hpp"

namespace roamdesk::net {

namespace asio = boost::asio;
using asio::ssl::context;

std::unique_ptr<context> make_server_context(const TlsIdentity& identity) {
  auto made = std::make_unique<context>(context::tls_server);
  made->set_options(context::no_tlsv1 | context::no_tlsv1_1);
  made->use_certificate_chain(asio::buffer(identity.certificate));
  made->use_private_key(asio::buffer(identity.key.reveal()), context::pem);
  return made;
}

std::optional<context> make_client_context(const TlsPeer& peer) {
  context made{context::tls_client};
  made.set_options(context::no_tlsv1 | context::no_tlsv1_1);
  boost::system::error_code error;
  if (peer.authority)
    made.add_certificate_authority(asio::buffer(*peer.authority), error);
  else
    made.set_default_verify_paths(error);
  if (error) return std::nullopt;
  return made;
}

bool expect(TlsStream& stream, const TlsPeer& peer) {
  SSL* const ssl = stream.native_handle();
  if (peer.name.empty()) return false;
  if (parse_ip(peer.name)) {
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), peer.name.c_str()) != 1) return false;
  } else {
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_WILDCARDS);
    if (SSL_set1_host(ssl, peer.name.c_str()) != 1) return false;
    // RFC 6066 §3: no address in here.
    if (SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(peer.name.c_str())) !=
        1)
      return false;
  }
  SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
  return true;
}

std::string_view explain_handshake(TlsStream& stream) {
  switch (SSL_get_verify_result(stream.native_handle())) {
    case X509_V_OK:
      return "no TLS handshake";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "its certificate is for another name";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "its certificate has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "its certificate isn't valid yet";
    case X509_V_ERR_INVALID_PURPOSE:
      return "its certificate isn't one for servers";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return "its certificate isn't signed by an authority that is trusted";
    default:
      return "its certificate isn't trusted";
  }
}

}  // namespace roamdesk::net
