#include "pbx-core/store/store.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "pbx-core/store/open.hpp"
#include "pbx-core/store/read.hpp"
#include "pbx-core/store/write.hpp"

namespace roamdesk::store {

std::string to_string(StoreFault fault) {
  switch (fault) {
    case StoreFault::constraint:
      return "the change would have made an impossible state";
    case StoreFault::io:
      return "the store can't be written";
    case StoreFault::closed:
      return "the store is being closed";
  }
  return "unknown";
}

// The mutex guards the queues only; the session and everything read or written through it belong to the thread.
class Store::Worker {
 public:
  explicit Worker(Options options) : options_(std::move(options)) {
    open_sqlite(sql_, options_);
    try {
      writer_.emplace(sql_);
    } catch (const soci::soci_error& error) {
      throw StoreError(error.get_error_message());
    }
    thread_ = std::thread([this] { run(); });
  }

  ~Worker() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  void commit(Changes changes, Done done, Urgency urgency) {
    {
      const std::lock_guard lock(mutex_);
      if (!closing_) {
        commits_.push_back({std::move(changes), std::move(done)});
        if (urgency == Urgency::in_company) return arm(options_.dialogs_behind);
        hurried_ = true;
        wake_.notify_one();
        return;
      }
    }
    done(StoreFault::closed);
  }

  // Something that reads; runs after the commits that were queued before it.
  void read(std::function<void(soci::session&)> task) {
    const std::lock_guard lock(mutex_);
    reads_.push_back(std::move(task));
    wake_.notify_one();
  }

  void put_bindings(std::vector<StoredBinding> bindings) {
    const std::lock_guard lock(mutex_);
    for (StoredBinding& b : bindings) {
      auto key = std::pair(b.mac, b.aor_user);
      behind_.bindings.insert_or_assign(std::move(key), std::move(b));
    }
    arm(options_.write_behind);
  }

  void delete_bindings(std::vector<BindingKey> keys) {
    const std::lock_guard lock(mutex_);
    for (BindingKey& k : keys) behind_.bindings.insert_or_assign(std::pair(k.mac, std::move(k.aor_user)), std::nullopt);
    arm(options_.write_behind);
  }

  void change_dialog(std::string tag, std::optional<StoredDialog> dialog) {
    const std::lock_guard lock(mutex_);
    behind_.dialogs.insert_or_assign(std::move(tag), std::move(dialog));
    arm(options_.dialogs_behind);
  }

  std::uint64_t transactions() const { return transactions_.load(std::memory_order_relaxed); }

 private:
  struct Commit {
    Changes changes;
    Done done;
  };
  // Soft state by its key; nullopt: it goes.
  struct Behind {
    std::map<std::pair<Mac, std::string>, std::optional<StoredBinding>> bindings;
    std::map<std::string, std::optional<StoredDialog>> dialogs;
    bool empty() const { return bindings.empty() && dialogs.empty(); }
  };

  void arm(std::chrono::milliseconds in) {
    const auto at = std::chrono::steady_clock::now() + in;
    if ((behind_.empty() && commits_.empty()) || (due_ && *due_ <= at)) return;
    due_ = at;
    wake_.notify_one();
  }

  bool due() const { return due_ && (closing_ || std::chrono::steady_clock::now() >= *due_); }

  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      while (!hurried_ && reads_.empty() && !due() && !closing_ && !cache_over()) wait(lock);
      hurried_ = false;
      std::deque<Commit> commits = std::exchange(commits_, {});
      std::deque<std::function<void(soci::session&)>> reads = std::exchange(reads_, {});
      Behind behind;
      // Bindings ride along with commits that are written anyway: it costs no fsync of their own.
      if (due() || !commits.empty()) {
        behind = std::exchange(behind_, {});
        due_.reset();
      }
      const bool idle = commits.empty() && reads.empty() && behind.empty();
      if (idle && closing_) return;
      lock.unlock();
      store(commits, behind);
      for (auto& read : reads) read(sql_);
      if (cache_over())
        give_back_cache();
      else if (!idle && !cache_until_)
        cache_until_ = std::chrono::steady_clock::now() + options_.cache_kept;
      lock.lock();
    }
  }

  void wait(std::unique_lock<std::mutex>& lock) {
    const auto until = due_ && cache_until_ ? std::min(due_, cache_until_) : due_ ? due_ : cache_until_;
    if (until)
      wake_.wait_until(lock, *until);
    else
      wake_.wait(lock);
  }

  bool cache_over() const { return cache_until_ && std::chrono::steady_clock::now() >= *cache_until_; }

  void give_back_cache() {
    cache_until_.reset();
    try {
      sql_ << "PRAGMA shrink_memory";
    } catch (const soci::soci_error&) {
      // Then it stays for another while.
    }
  }

  // One transaction, one fsync. Each commit has a savepoint: one that fails takes no other with it.
  void store(std::deque<Commit>& commits, const Behind& behind) {
    if (commits.empty() && behind.empty()) return;
    std::vector<Result<void, StoreFault>> results(commits.size(), Result<void, StoreFault>(StoreFault::io));
    try {
      sql_.begin();
      for (std::size_t i = 0; i < commits.size(); ++i)
        results[i] = within_savepoint([&] {
          for (const Change& change : commits[i].changes) writer_->write(change);
        });
      write_all(behind.bindings, [&](const auto& key, const auto& binding) {
        if (binding)
          writer_->write(*binding);
        else
          writer_->erase({key.first, key.second});
      });
      write_all(behind.dialogs, [&](const auto& tag, const auto& dialog) {
        if (dialog)
          writer_->write(*dialog);
        else
          writer_->erase_dialog(tag);
      });
      sql_.commit();
      transactions_.fetch_add(1, std::memory_order_relaxed);
    } catch (const soci::soci_error&) {
      roll_back();
      for (auto& result : results) result = StoreFault::io;
    }
    for (std::size_t i = 0; i < commits.size(); ++i)
      if (commits[i].done) commits[i].done(results[i]);
  }

  // All at once; where one breaks something, each for itself.
  template <class Entries, class Write>
  void write_all(const Entries& entries, const Write& one) {
    const auto all = within_savepoint([&] {
      for (const auto& [key, value] : entries) one(key, value);
    });
    if (all) return;
    for (const auto& entry : entries) within_savepoint([&] { one(entry.first, entry.second); });
  }

  template <class Work>
  Result<void, StoreFault> within_savepoint(const Work& work) {
    sql_ << "SAVEPOINT one";
    try {
      work();
    } catch (const soci::soci_error& error) {
      // Where the transaction itself is gone (disk full), this throws and ends the batch.
      sql_ << "ROLLBACK TO SAVEPOINT one";
      sql_ << "RELEASE SAVEPOINT one";
      return fault_of(error);
    }
    sql_ << "RELEASE SAVEPOINT one";
    return boost::system::in_place_value;
  }

  void roll_back() {
    try {
      sql_.rollback();
    } catch (const soci::soci_error&) {
      // SQLite has rolled back by itself.
    }
  }

  const Options options_;
  soci::session sql_;
  std::optional<Writer> writer_;
  std::atomic<std::uint64_t> transactions_{0};
  std::optional<std::chrono::steady_clock::time_point> cache_until_;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool closing_ = false, hurried_ = false;
  std::deque<Commit> commits_;
  std::deque<std::function<void(soci::session&)>> reads_;
  Behind behind_;
  std::optional<std::chrono::steady_clock::time_point> due_;
  std::thread thread_;
};

Store::Store(Options options) : worker_(std::make_unique<Worker>(std::move(options))) {}
Store::~Store() = default;

Snapshot Store::load() {
  std::promise<Snapshot> promise;
  std::future<Snapshot> future = promise.get_future();
  worker_->read([&promise](soci::session& sql) {
    try {
      promise.set_value(read_all(sql));
    } catch (const soci::soci_error& error) {
      promise.set_exception(std::make_exception_ptr(StoreError(error.get_error_message())));
    } catch (const StoreError&) {
      promise.set_exception(std::current_exception());
    }
  });
  return future.get();
}

void Store::commit(Changes changes, Done done, Urgency urgency) {
  worker_->commit(std::move(changes), std::move(done), urgency);
}
void Store::put_bindings_behind(std::vector<StoredBinding> bindings) { worker_->put_bindings(std::move(bindings)); }
void Store::delete_bindings_behind(std::vector<BindingKey> keys) { worker_->delete_bindings(std::move(keys)); }

void Store::put_dialog_behind(StoredDialog dialog) {
  auto tag = dialog.tag;
  worker_->change_dialog(std::move(tag), std::move(dialog));
}
void Store::delete_dialog_behind(const std::string& tag) { worker_->change_dialog(tag, std::nullopt); }

void Store::audit(AuditQuery query, std::function<void(AuditPage)> done) {
  worker_->read([query = std::move(query), done = std::move(done)](soci::session& sql) {
    AuditPage page;
    try {
      page = read_audit(sql, query);
    } catch (const soci::soci_error&) {
      page = {};
    }
    done(std::move(page));
  });
}

void Store::call_records(CallQuery query, std::function<void(CallPage)> done) {
  worker_->read([query = std::move(query), done = std::move(done)](soci::session& sql) {
    CallPage page;
    try {
      page = read_call_records(sql, query);
    } catch (const soci::soci_error&) {
      page = {};
    }
    done(std::move(page));
  });
}

std::uint64_t Store::transactions() const { return worker_->transactions(); }

}  // namespace roamdesk::store
