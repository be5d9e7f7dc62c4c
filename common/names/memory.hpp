#pragma once
#include <cstddef>
#include <map>
#include <optional>

#include "common/base/time.hpp"
#include "common/names/query.hpp"

namespace roamdesk::names {

// What was found, until its TTL has passed; and beyond it as long as DNS can't be asked.
class Memory {
 public:
  explicit Memory(std::size_t most = 1024) : most_(most) {}

  // nullopt: DNS has to be asked. Its ttl is what is left of it.
  std::optional<Located> recall(const Query& query, TimePoint now) const;
  // What holds now that DNS was asked: what it said, or the last that it told, if it couldn't be asked, or so little
  // that another transport would come of it. Over `most` queries the one whose time ended first is forgotten.
  Located learn(const Query& query, Located found, TimePoint now);
  std::size_t size() const { return known_.size(); }

 private:
  struct Known {
    Located located;
    TimePoint until{};
  };
  std::size_t most_;
  std::map<Query, Known> known_;
};

}  // namespace roamdesk::names
