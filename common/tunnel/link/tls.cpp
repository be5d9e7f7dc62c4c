#include "common/tunnel/link/tls.hpp"

#include <openssl/err.h>

#include <boost/asio/ssl/error.hpp>
#include <cstring>
#include <stdexcept>

#include "common/crypto/pem.hpp"

namespace roamdesk::tunnel::link {
namespace {

namespace ssl = boost::asio::ssl;
using crypto::CertificatePtr;

constexpr unsigned char protocols[] = "\x0aroamdesk/1";  // RFC 7301 §3.1: length, name
constexpr unsigned protocols_size = sizeof protocols - 1;

ssl::context make_context(ssl::context::method method) {
  ssl::context context{method};
  auto* native = context.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_3_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_num_tickets(native, 0);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  return context;
}

void use_identity(ssl::context& context, const crypto::Identity& identity) {
  boost::system::error_code error;
  context.use_certificate_chain(boost::asio::buffer(identity.certificate), error);
  if (!error) context.use_private_key(boost::asio::buffer(identity.key.reveal()), ssl::context::pem, error);
  if (!error) context.add_certificate_authority(boost::asio::buffer(identity.authority), error);
  if (error || SSL_CTX_check_private_key(context.native_handle()) != 1) {
    ERR_clear_error();
    throw std::runtime_error{"the tunnel's key and certificate can't be used" +
                             (error ? ": " + error.message() : std::string{})};
  }
}

void offer_protocol(ssl::context& context) {
  SSL_CTX_set_alpn_protos(context.native_handle(), protocols, protocols_size);
}

int select_protocol(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* in, unsigned in_size,
                    void*) noexcept {
  unsigned char* chosen = nullptr;
  const int found = SSL_select_next_proto(&chosen, size, protocols, protocols_size, in, in_size);
  if (found != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

struct Expected {
  crypto::Sha256Digest digest;
  bool* wrong;
};
void free_expected(void*, void* data, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<Expected*>(data); }
int expected_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_expected);
  return index;
}

bool verify_chain(X509_STORE_CTX* presented, const Expected& expected) {
  auto* chain = X509_STORE_CTX_get0_untrusted(presented);
  X509* authority = nullptr;
  for (int i = 0; chain != nullptr && i < sk_X509_num(chain); ++i) {
    auto* candidate = sk_X509_value(chain, i);
    const auto digest = crypto::fingerprint(candidate);
    if (crypto::equal_constant_time(crypto::ByteView{digest}, crypto::ByteView{expected.digest})) authority = candidate;
  }
  if (authority == nullptr) {
    *expected.wrong = true;
    X509_STORE_CTX_set_error(presented, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN);
    return false;
  }
  crypto::StorePtr store{X509_STORE_new()};
  crypto::StoreContextPtr check{X509_STORE_CTX_new()};
  if (!store || !check || X509_STORE_add_cert(store.get(), authority) != 1 ||
      X509_STORE_CTX_init(check.get(), store.get(), X509_STORE_CTX_get0_cert(presented), nullptr) != 1) {
    return false;
  }
  auto* parameters = X509_STORE_CTX_get0_param(check.get());
  X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER);
  X509_VERIFY_PARAM_set1_host(parameters, core_name, 0);
  const bool fine = X509_verify_cert(check.get()) == 1;
  X509_STORE_CTX_set_error(presented, X509_STORE_CTX_get_error(check.get()));
  if (!fine) *expected.wrong = true;
  return fine;
}

int verify_enrolment(X509_STORE_CTX* presented, void* data) noexcept {
  try {
    return verify_chain(presented, *static_cast<const Expected*>(data)) ? 1 : 0;
  } catch (...) {
    return 0;
  }
}

}  // namespace

ssl::context make_server_context(const crypto::Identity& identity) {
  auto context = make_context(ssl::context::tls_server);
  use_identity(context, identity);
  // A client without a certificate gets in, to enrol and for nothing else.
  context.set_verify_mode(ssl::verify_peer);
  SSL_CTX_set_alpn_select_cb(context.native_handle(), select_protocol, nullptr);
  return context;
}

ssl::context make_client_context(const crypto::Identity& identity) {
  auto context = make_context(ssl::context::tls_client);
  use_identity(context, identity);
  context.set_verify_mode(ssl::verify_peer);
  X509_VERIFY_PARAM_set1_host(SSL_CTX_get0_param(context.native_handle()), core_name, 0);
  offer_protocol(context);
  return context;
}

ssl::context make_enrolment_context(const crypto::Sha256Digest& authority, bool& wrong_authority) {
  auto context = make_context(ssl::context::tls_client);
  auto* native = context.native_handle();
  auto* expected = new Expected{authority, &wrong_authority};
  SSL_CTX_set_ex_data(native, expected_index(), expected);  // freed with the context
  context.set_verify_mode(ssl::verify_peer);
  SSL_CTX_set_cert_verify_callback(native, verify_enrolment, expected);
  offer_protocol(context);
  return context;
}

std::optional<PeerCertificate> peer_certificate(SSL* ssl) {
  CertificatePtr certificate{SSL_get1_peer_certificate(ssl)};
  if (!certificate) return std::nullopt;
  const auto info = crypto::inspect_certificate(crypto::to_pem(certificate.get()));
  if (!info) return std::nullopt;
  return PeerCertificate{info->common_name, info->serial, info->not_after};
}

bool speaks_roamdesk(SSL* ssl) {
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl, &chosen, &size);
  return size == std::strlen(alpn) && std::memcmp(chosen, alpn, size) == 0;
}

MediaSecret export_media_secret(SSL* ssl) {
  MediaSecret secret;
  if (SSL_export_keying_material(ssl, secret.data(), secret.size(), exporter_label, std::strlen(exporter_label),
                                 nullptr, 0, 0) != 1) {
    throw std::runtime_error{"the TLS exporter failed"};
  }
  return secret;
}

bool refuses_certificate(const boost::system::error_code& error) {
  if (error.category() != boost::asio::error::get_ssl_category()) return false;
  switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_TLSV1_ALERT_DECRYPT_ERROR:
      return true;
    default:
      return false;
  }
}

}  // namespace roamdesk::tunnel::link
