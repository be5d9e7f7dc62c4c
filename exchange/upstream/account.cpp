#include "exchange/upstream/account.hpp"

#include <fmt/format.h>

#include <utility>

#include "common/crypto/hash.hpp"

namespace roamdesk::upstream {
namespace {

std::string drawn(std::string_view what, const Trunk& upstream, const UpstreamAccount& account) {
  return crypto::sha256_hex(fmt::format("{}\n{}\n{}\n{}\n{}\n{}", what, upstream.name, upstream.domain,
                                        account.extension, account.user, account.password.reveal()));
}

}  // namespace

Identity::Identity(std::shared_ptr<const Trunk> at, UpstreamAccount account, std::uint32_t first_cseq)
    : upstream(std::move(at)),
      record(std::move(account)),
      token("u" + drawn("Contact", *upstream, record).substr(0, 24)),
      series{drawn("Call-ID", *upstream, record).substr(0, 32), drawn("tag", *upstream, record).substr(0, 16),
             first_cseq},
      credentials(record.auth_user.empty() ? record.user : record.auth_user, record.password) {}

}  // namespace roamdesk::upstream
