#pragma once
#include <filesystem>
#include <stop_token>

namespace roamdesk::store {

// A consistent copy of the store `from`, which another process may be writing, as a new file `to`. Every commit that
// was acknowledged before the call is in it. Blocks, until `stop` at most: then it throws too. Throws StoreError.
void copy_store(const std::filesystem::path& from, const std::filesystem::path& to, const std::stop_token& stop = {});

// The same, but with what is of the moment in it (bindings, dialogs), and on the disk when this returns: for who goes
// back to it within a minute. Nobody else may have the store open, lest something is acknowledged that isn't in it.
// `to` is replaced in one step. Blocks. Throws StoreError.
void keep_store(const std::filesystem::path& from, const std::filesystem::path& to);

// The version of the file's schema, 0 where there is no file yet, and the one that this program makes of it.
struct Schemas {
  int stored = 0, known = 0;
};
// Another process may be writing `file`. Throws StoreError.
Schemas schemas_of(const std::filesystem::path& file);

// Whether `file` is a store of ours, whole, and not newer than this program; changes nothing in it. Throws StoreError,
// also where `stop` comes before it knows.
void check_store(const std::filesystem::path& file, const std::stop_token& stop = {});

}  // namespace roamdesk::store
