#include "pbx-core/api/first_administrator.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <future>

#include "common/crypto/random.hpp"

namespace roamdesk::api {
namespace {

void keep(const std::filesystem::path& path, const Secret& password) {
  ::unlink(path.c_str());
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const std::string text = password.reveal() + "\n";
  const bool written =
      fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  const int why = errno;
  if (fd >= 0) ::close(fd);
  if (!written) throw store::StoreError(fmt::format("{}: {}", path.string(), std::strerror(why)));
}

}  // namespace

std::optional<FirstAdministrator> make_first_administrator(std::vector<User>& users, store::Store& store,
                                                           const Hasher& hasher, const Secret& password,
                                                           const std::filesystem::path& state_dir, WallTime now) {
  const bool there =
      std::any_of(users.begin(), users.end(), [](const User& u) { return u.role == Role::administrator; });
  if (there) return std::nullopt;
  FirstAdministrator first;
  if (password.empty()) {
    first.made_up = Secret{crypto::random_token(15)};
    // Before it is stored: a crash in between leaves a password without an administrator, and the next start writes
    // again.
    keep(first_password_file(state_dir), *first.made_up);
  }
  first.user = {"admin", hasher.hash_now(crypto::Kind::password, first.made_up ? *first.made_up : password),
                Role::administrator};
  first.user.must_change_password = first.made_up.has_value();
  std::promise<Result<void, store::StoreFault>> stored;
  store.commit(
      {PutUser{first.user}, AppendAudit{{0, now, "pbx-core", "start", "user.created", "admin", "role administrator"}}},
      [&](Result<void, store::StoreFault> result) { stored.set_value(result); });
  const Result<void, store::StoreFault> result = stored.get_future().get();
  if (result.has_error())
    throw store::StoreError("the first administrator can't be stored: " + store::to_string(result.error()));
  std::erase_if(users, [](const User& u) { return u.name == "admin"; });  // an `admin` who was no administrator
  users.push_back(first.user);
  return first;
}

}  // namespace roamdesk::api
