#pragma once
#include <boost/json/object.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pbx-core/api/problem.hpp"
#include "pbx-core/api/validation.hpp"

namespace roamdesk::api {

// Reads the members of a JSON object and remembers the first thing that is wrong: 400 for the shape (a member that we
// don't know, or of another type), 422 for the value.
class Reader {
 public:
  // `prefix` stands before the members' names in problems: "options.".
  Reader(const boost::json::object& object, std::initializer_list<std::string_view> known, std::string prefix = {});

  bool has(std::string_view name) const { return object_.contains(name); }
  bool null(std::string_view name) const;
  // nullopt where it isn't there, is null, or (then there is a problem) of another type.
  std::optional<std::string> text(std::string_view name);
  std::optional<bool> boolean(std::string_view name);
  std::optional<std::int64_t> integer(std::string_view name);
  std::optional<std::vector<std::string>> texts(std::string_view name, std::size_t most);
  const boost::json::object* object(std::string_view name);
  std::optional<std::vector<Key>> keys(std::string_view name);
  // As text(), but it must be there.
  std::string required(std::string_view name, std::string_view example);

  void malformed(std::string_view name, std::string what);  // 400
  void refuse(std::string_view name, const Fault& fault);   // 422, where there is a fault
  void take(const Reader& inner);                           // an inner object's problem
  const std::optional<Problem>& problem() const { return problem_; }

 private:
  const boost::json::object& object_;
  std::string prefix_;
  std::optional<Problem> problem_;
};

}  // namespace roamdesk::api
