#include "pbx-core/backup/staged.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <future>
#include <iterator>
#include <set>

#include "pbx-core/backup/folders.hpp"
#include "pbx-core/backup/room.hpp"
#include "pbx-core/backup/scratch.hpp"
#include "pbx-core/store/copy.hpp"
#include "pbx-core/store/store.hpp"

namespace roamdesk::backup {
namespace {
namespace fs = std::filesystem;

// Names that no backup takes along: they begin with the store's.
struct Places {
  explicit Places(const fs::path& state_dir)
      : state(state_dir),
        top(state_dir / "store.restore"),
        fresh(top / "new"),
        replaced(top / "replaced"),
        kept(state_dir / "store.kept"),
        settled(state_dir / "store.restore-settled"),
        moving_in(state_dir / "store.restore-moving-in") {}
  fs::path state, top, fresh, replaced, kept;
  // Marks: what was there moves out · what is new moves in.
  fs::path settled, moving_in;
};

constexpr unsigned most_kept = 3;

// Whether it is a part of the state that a restore replaces: what a backup holds, and the store's own journals. What is
// of this machine or this moment stays.
bool is_replaced(const fs::directory_entry& entry) {
  const auto name = entry.path().filename().string();
  if (name.starts_with("store.sqlite")) return true;
  if (name.starts_with("store") || name.starts_with("handover") || name == "firmware") return false;
  return entry.is_regular_file() || entry.is_directory() || entry.is_symlink();
}

std::vector<fs::path> replaced_of(const fs::path& state_dir) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(state_dir))
    if (is_replaced(entry)) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

// To move a folder elsewhere one must be able to write it.
void check_that_all_can_move(const fs::path& state_dir) {
  for (const auto& path : replaced_of(state_dir))
    if (fs::is_directory(path) && !fs::is_symlink(path) && ::access(path.c_str(), W_OK) != 0)
      throw BackupError(fmt::format("{} isn't the core's: chown it to the core's user first", path.string()));
}

// With the name of what was kept in it. One that was cut short names nothing.
void make_mark(const fs::path& mark, const std::string& text) {
  const int fd = ::open(mark.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  const bool written =
      fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!written) {
    std::error_code ignored;
    fs::remove(mark, ignored);
    throw BackupError(mark.string() + " can't be written");
  }
  sync_folder(mark.parent_path());
}

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// What a running core needs stays free. A clear word in place of a file's name and "No space left on device".
std::uint64_t room_at(const fs::path& folder) {
  const auto space = fs::space(folder);
  if (space.available <= left_free)
    throw BackupError("there is no room for it on the core's disk: what is restored needs as much again for a while");
  return space.available - left_free;
}

std::uint64_t bytes_of(const fs::path& path) {
  if (!fs::is_directory(fs::symlink_status(path))) return fs::is_regular_file(path) ? fs::file_size(path) : 0;
  std::uint64_t bytes = 0;
  for (const auto& entry : fs::directory_iterator(path)) bytes += bytes_of(entry.path());
  return bytes;
}

// While it is kept there is as much of it twice more: the store's copy or what is read back, and the backup.
void check_room_to_keep(const fs::path& state_dir) {
  std::uint64_t bytes = 0;
  for (const auto& path : replaced_of(state_dir)) bytes += bytes_of(path);
  if (room_at(state_dir) < 2 * bytes)
    throw BackupError("there is no room on the core's disk to keep what is there: it needs twice as much again");
}

template <class Work>
auto in_words(Work work) try {
  return work();
} catch (const fs::filesystem_error& error) {
  throw BackupError(error.what());
} catch (const store::StoreError& error) {
  throw BackupError(error.what());
}

void commit(store::Store& store, Changes changes) {
  std::promise<bool> stored;
  store.commit(std::move(changes), [&](const auto& result) { stored.set_value(!result.has_error()); });
  if (!stored.get_future().get()) throw BackupError("the store that is to be restored can't be written");
}

// What is there, with all that was acknowledged until the core ended, in the place of what was kept while it ran.
void keep_the_last(const Places& at, WallTime now, const std::function<void()>& step) {
  step();
  clear_away_halves(at.state);  // of as much as a store each
  step();
  check_room_to_keep(at.state);
  const auto first = text_of(at.settled);
  const auto last = make_nightly(at.state, at.kept, most_kept + 1, now);
  sync_folder(at.kept);
  step();
  if (made_at_of(first) && first != last.name) fs::remove(at.kept / first);
}

// A token that was ended since the backup was made doesn't come back.
void leave_tokens_of(const Places& at, const std::function<void()>& step) {
  step();
  std::set<std::string> left;
  for (const auto& token : store::Store{{.file = at.state / "store.sqlite", .vfs = {}}}.load().tokens)
    left.insert(token.id);
  {
    store::Store store{{.file = at.fresh / "store.sqlite", .vfs = {}}};
    Changes changes;
    for (const auto& token : store.load().tokens)
      if (!left.contains(token.id)) changes.push_back(DeleteToken{token.id});
    if (!changes.empty()) commit(store, std::move(changes));
  }
  sync_folder(at.fresh);
}

// What is there stays, and nothing is settled any more. It stands in the audit, where that can be written.
Placed give_up(const Places& at, WallTime now, const std::string& why) {
  fs::remove(at.settled);
  sync_folder(at.state);
  unstage(at.state);
  try {
    store::Store store{{.file = at.state / "store.sqlite", .vfs = {}}};
    commit(store, {AppendAudit{{0, now, "pbx-core", "clock", "backup.restore_failed", "", why}}});
  } catch (const std::exception&) {
  }
  return {false, why};
}

}  // namespace

Staged stage(const fs::path& file, const fs::path& state_dir, const std::stop_token& stop) {
  const Places at{state_dir};
  return in_words([&] {
    if (fs::exists(at.settled) || fs::exists(at.moving_in))
      throw BackupError("a restore is about to take place already");
    unstage(state_dir);
    fs::create_directory(at.top);
    fs::permissions(at.top, fs::perms::owner_all);
    fs::create_directory(at.fresh);
    fs::permissions(at.fresh, fs::perms::owner_all);
    Staged staged;
    try {
      check_that_all_can_move(state_dir);
      staged.summary = unpack_checked(file, at.fresh, room_at(state_dir), stop);
      const auto store_file = at.fresh / "store.sqlite";
      const auto schemas = store::schemas_of(store_file);
      staged.schema = schemas.stored;
      staged.known_schema = schemas.known;
      store::Store store{{.file = store_file, .vfs = {}}};  // it becomes this program's: the start can't fail at it
      const auto holds = store.load();
      staged.extensions = holds.extensions.size();
      staged.desks = holds.desks.size();
      staged.sbcs = holds.of<Sbc>().size();
      for (const auto& user : holds.users)
        if (!user.disabled) staged.users.push_back(user.name);
    } catch (...) {
      unstage(state_dir);
      throw;
    }
    return staged;
  });
}

void unstage(const fs::path& state_dir) {
  const Places at{state_dir};
  if (fs::exists(at.settled) || fs::exists(at.moving_in)) return;  // it isn't ours any more
  std::error_code ignored;
  fs::remove_all(at.top, ignored);
}

fs::path kept_folder(const fs::path& state_dir) { return Places{state_dir}.kept; }

NightlyFile keep(const fs::path& state_dir, WallTime now, const std::stop_token& stop) {
  const Places at{state_dir};
  return in_words([&] {
    fs::create_directories(at.kept);
    fs::permissions(at.kept, fs::perms::owner_all);
    check_room_to_keep(state_dir);
    return make_nightly(state_dir, at.kept, most_kept, now, stop);
  });
}

void settle(const fs::path& state_dir, const AuditRecord& record, const std::string& kept) {
  const Places at{state_dir};
  in_words([&] {
    const auto store_file = at.fresh / "store.sqlite";
    if (!fs::exists(store_file)) throw BackupError("nothing is ready to be restored");
    check_that_all_can_move(state_dir);
    {
      store::Store store{{.file = store_file, .vfs = {}}};
      commit(store, {AppendAudit{record}});
    }
    sync_folders(at.fresh);
    make_mark(at.settled, kept);
  });
}

Placed take_place(const fs::path& state_dir, WallTime now, const std::function<void()>& told) {
  const Places at{state_dir};
  const std::function<void()> step = [&] {
    if (told) told();
  };
  const auto move = [&](const fs::path& from, const fs::path& to) {
    step();
    fs::rename(from, to);
  };
  return in_words([&]() -> Placed {
    if (fs::exists(at.settled)) {
      // Until the folder for it is there, nothing has moved out.
      if (!fs::exists(at.replaced)) {
        try {
          fs::create_directories(at.kept);
          keep_the_last(at, now, step);
          leave_tokens_of(at, step);
        } catch (const std::exception& error) {
          return give_up(at, now, error.what());
        }
        step();
        fs::create_directory(at.replaced);
        sync_folder(at.top);
      }
      // All that is there is of before: nothing new moves in until the mark says so.
      for (const auto& path : replaced_of(state_dir)) move(path, at.replaced / path.filename());
      sync_folder(at.replaced);
      sync_folder(state_dir);
      move(at.settled, at.moving_in);
      sync_folder(state_dir);
    }
    if (!fs::exists(at.moving_in)) {
      unstage(state_dir);
      return {};
    }
    std::vector<fs::path> fresh;
    for (const auto& entry : fs::directory_iterator(at.fresh)) fresh.push_back(entry.path());
    for (const auto& path : fresh) move(path, state_dir / path.filename());
    sync_folder(at.fresh);
    sync_folder(state_dir);
    step();
    fs::remove(at.moving_in);
    sync_folder(state_dir);
    unstage(state_dir);
    return {true, {}};
  });
}

}  // namespace roamdesk::backup
