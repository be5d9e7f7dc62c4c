#include "common/http/tls_context.hpp"

namespace roamdesk::http {
namespace asio = boost::asio;
using boost::system::error_code;

Result<std::shared_ptr<asio::ssl::context>> make_tls_context(const TlsFiles& files) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  error_code ec;
  context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv3 |
                           asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1,
                       ec);
  if (!ec) context->set_password_callback([](std::size_t, asio::ssl::context::password_purpose) { return ""; }, ec);
  if (!ec) context->use_certificate_chain_file(files.certificate.string(), ec);
  if (!ec) context->use_private_key_file(files.key.string(), asio::ssl::context::pem, ec);
  if (ec) return ec;
  return context;
}

}  // namespace roamdesk::http
