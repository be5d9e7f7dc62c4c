#pragma once
#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "common/http/server.hpp"

namespace roamdesk::http {

// TLS 1.2 and 1.3 with this certificate; an error where the files can't be read, don't fit each other, or the key wants
// a pass phrase (there is no person to ask).
Result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(const TlsFiles& files);

}  // namespace roamdesk::http
