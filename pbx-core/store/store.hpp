#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "common/base/result.hpp"
#include "exchange/model/changes.hpp"
#include "exchange/model/records.hpp"

namespace roamdesk::store {

// Everything that lasts, as it was at the last commit. Vectors are ordered by their keys.
struct Snapshot {
  std::vector<Extension> extensions;
  std::vector<HotDesk> desks;
  std::vector<Phone> phones;
  template <class List>
  struct TablesOf;
  template <class... R>
  struct TablesOf<Records<R...>> {
    using type = std::tuple<std::vector<R>...>;
  };
  TablesOf<PlainRecords>::type plain;
  template <class R>
  const std::vector<R>& of() const {
    return std::get<std::vector<R>>(plain);
  }
  std::vector<Session> sessions;
  std::vector<OldCredentials> old_credentials;
  std::vector<StoredBinding> bindings;
  std::vector<StoredDialog> dialogs;
  std::vector<User> users;
  std::vector<ApiToken> tokens;
  std::vector<PutPinFailures> pin_failures;
  std::optional<Settings> settings;       // nullopt: never set, the configuration file's are in force
  std::uint32_t highest_desk_number = 0;  // ever given, deleted desks included: HD0007 isn't given twice
};

enum class StoreFault {
  constraint,  // the change would have made an impossible state (see changes.hpp); nothing of its vector was stored
  io,          // the disk is full, the file is gone…; nothing of its vector was stored
  closed,      // the store is being closed; nothing of its vector was stored
};
std::string to_string(StoreFault fault);

// What is asked of the audit: newest first.
struct AuditQuery {
  std::optional<std::int64_t> before;    // records with a smaller id only: the last id of the page before
  std::size_t limit = 100;               // 1..1000
  std::string action;                    // empty: all; "session" also takes "session.started" (a prefix up to a dot)
  std::string subject, actor;            // empty: all; else equal
  std::optional<WallTime> since, until;  // since <= at < until
  std::vector<std::string> sites{};      // empty: all; else about one of these
};
template <class Record>
struct Page {
  std::vector<Record> records;
  // `before` of the next page; nullopt where this is the last one.
  std::optional<std::int64_t> next;
};
using AuditPage = Page<AuditRecord>;

// What is asked of the calls that have ended: newest first, by the order in which they ended.
struct CallQuery {
  std::optional<std::int64_t> before;  // as the audit's
  std::size_t limit = 100;             // 1..50000
  // Empty: all; else one of the two parties' numbers, or who logged in by this call (*77*101*).
  std::string extension;
  std::string text;                      // empty: all; else it stands in a name or a number, in any case of A to Z
  std::optional<WallTime> since, until;  // of the call's begin: since <= started < until
  std::optional<CallOutcome> outcome;
  std::vector<std::string> sites{};  // empty: all; else a phone at one of these took part
};
using CallPage = Page<CallRecord>;

struct BindingKey {
  Mac mac;
  std::string aor_user;
  friend bool operator==(const BindingKey&, const BindingKey&) = default;
};

// The file can't be opened, isn't ours, is newer than we are, or is damaged. Thrown at start-up only.
struct StoreError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// SQLite behind one thread. Its functions may be called from any thread; what they call back is called on the store
// thread, so callers pass functions that post to their own executor.
class Store {
 public:
  struct Options {
    std::filesystem::path file;  // made with mode 0600 where it isn't there, as is its directory's content
    std::string vfs;             // SQLite VFS; empty for the default. For tests.
    // What an older program made becomes this one's. Else it is refused: an older one that goes on with it couldn't.
    bool migrate = true;
    bool synchronous = true;  // false: synchronous=OFF. For the test that shows what is lost then.
    // What is written behind waits this long for company, then shares one transaction. 0: at once.
    std::chrono::milliseconds write_behind{500};
    // Dialogs hurry more: what isn't written when we are killed leaves a phone in a dead call.
    std::chrono::milliseconds dialogs_behind{50};
    // What SQLite has read and written stays in its memory for so long: two megabytes after a start or a burst.
    std::chrono::milliseconds cache_kept{20'000};
  };
  using Done = std::function<void(Result<void, StoreFault>)>;

  explicit Store(Options options);  // throws StoreError
  // Commits what is queued, then ends the thread.
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Blocks; for the start. Throws StoreError.
  Snapshot load();

  // All of `changes` or nothing, durable when `done` hears of success. Commits that wait together share one fsync;
  // their order is kept, and so is the order of their `done`s. One that goes `in_company` waits `dialogs_behind` for
  // others at most: for what is told to nobody meanwhile. Whatever is committed or read sooner takes it along.
  enum class Urgency { at_once, in_company };
  void commit(Changes changes, Done done, Urgency urgency = Urgency::at_once);

  // Soft state: no caller waits for it. The last word on a key wins.
  void put_bindings_behind(std::vector<StoredBinding> bindings);
  void delete_bindings_behind(std::vector<BindingKey> keys);
  void put_dialog_behind(StoredDialog dialog);
  void delete_dialog_behind(const std::string& tag);

  // `done` gets an empty page where the store fails.
  void audit(AuditQuery query, std::function<void(AuditPage)> done);
  void call_records(CallQuery query, std::function<void(CallPage)> done);

  // fsyncs so far, for /metrics and for the test of group commit.
  std::uint64_t transactions() const;

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace roamdesk::store
