#pragma once
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "pbx-core/backup/nightly.hpp"
#include "pbx-core/sftp/session.hpp"

namespace roamdesk::sftp {

struct Delivered {
  std::uint64_t bytes = 0;
  std::string remark;  // what else went wrong, in words: it is there, but older ones couldn't be deleted
};

// Brings `file` to the server under `name` (one of backup::made_at_of's): under a name that is no backup's first, read
// back and compared by size and SHA-256, and only then renamed; one that is there already is read back alone. Then all
// but the newest `target.keep` of our names go. Blocks. Throws SftpError: then there is no file of that name, and no
// other was touched.
Delivered deliver(const Target& target, const std::filesystem::path& file, const std::string& name, WallTime now,
                  const std::stop_token& stop = {}, const Patience& patience = {});

// Does with a few bytes what deliver() does, and leaves nothing. Blocks. Throws SftpError.
void try_out(const Target& target, const std::stop_token& stop = {}, const Patience& patience = {});

// The backups there, the newest first. Blocks. Throws SftpError.
std::vector<backup::NightlyFile> delivered(const Target& target, const std::stop_token& stop = {},
                                           const Patience& patience = {});

// One of them as a new file `into`, of at most `limit` bytes. Blocks. Throws SftpError; nothing is left then.
void fetch(const Target& target, const std::string& name, const std::filesystem::path& into, std::uint64_t limit,
           const std::stop_token& stop = {}, const Patience& patience = {});

}  // namespace roamdesk::sftp
