#pragma once
#include <boost/json/object.hpp>
#include <cstddef>
#include <memory>
#include <string>

#include "pbx-core/api/service.hpp"
#include "pbx-core/api/versions.hpp"

namespace roamdesk::api {

// A sheet on its way into the store, a row after the other: one change at a time waits for the disk, so that a log-in
// never finds more than one before it. On the API's thread. It lives until its last row is done.
class SheetJob : public std::enable_shared_from_this<SheetJob> {
 public:
  SheetJob(Service& service, Actor actor, std::string id)
      : service_(service), alive_(service.shared_from_this()), actor_(std::move(actor)), id_(std::move(id)) {}
  virtual ~SheetJob() = default;
  SheetJob(const SheetJob&) = delete;
  SheetJob& operator=(const SheetJob&) = delete;

  // The next row, or the job's end.
  void next();

 protected:
  struct Row {
    std::size_t line = 0;  // of the sheet
    std::string about;     // whom or what
  };
  virtual std::size_t rows() const = 0;
  virtual Row row(std::size_t at) const = 0;
  // Changes what the row asks for, and hands what came of it to after().
  virtual void apply(std::size_t at) = 0;

  Done after();
  // Who asks, of a change that is made only over that version of the record, where there is one.
  Actor over(VersionOf version, const std::string& key, const std::string& seen) const;
  bool is_running() const;
  void fail() { service_.end_job(id_, JobState::failed, actor_); }

  Service& service_;
  const std::shared_ptr<Service> alive_;
  const Actor actor_;

 private:
  void applied(const Answer& answer);

  const std::string id_;
  std::size_t at_ = 0;
};

// Begins a job with so many rows and answers the call: 202 with the job and what else `told` has; its id. "" where one
// of this kind is running: the call is refused.
std::string begin_sheet_job(Service& service, const CallPtr& call, JobKind kind, std::size_t rows,
                            boost::json::object told = {});

}  // namespace roamdesk::api
