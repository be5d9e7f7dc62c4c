#pragma once
#include <boost/json/object.hpp>
#include <cstdint>
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
  Reader(const boost::json::object& object, const std::vector<std::string_view>& known, std::string prefix = {});

  bool has(std::string_view name) const { return object_.contains(name); }
  bool null(std::string_view name) const;
  // nullopt where it isn't there, is null, or (then there is a problem) of another type.
  std::optional<std::string> text(std::string_view name);
  // As text(); "" where it is null, which means none.
  std::optional<std::string> text_or_none(std::string_view name) {
    return null(name) ? std::optional<std::string>{""} : text(name);
  }
  std::optional<bool> boolean(std::string_view name);
  std::optional<std::int64_t> integer(std::string_view name);
  std::optional<std::vector<std::string>> texts(std::string_view name, std::size_t most);
  const boost::json::object* object(std::string_view name);
  // nullopt where it isn't there, is null, or (then there is a problem) is anything else than at most `most` objects.
  std::optional<std::vector<const boost::json::object*>> objects(std::string_view name, std::size_t most);
  std::optional<std::vector<Key>> keys(std::string_view name);
  // A word of an enumeration; nullopt where it isn't there, is null, or (then there is a problem) is unknown.
  template <Worded E>
  std::optional<E> word(std::string_view name);
  // As word(), but it must be there; the first value where it isn't.
  template <Worded E>
  E required_word(std::string_view name);
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

// For the audit: "name, keys".
std::string members_of(const boost::json::object& body);

template <Worded E>
std::optional<E> Reader::word(std::string_view name) {
  const std::optional<std::string> given = text(name);
  if (!given) return std::nullopt;
  const std::optional<E> value = value_of<E>(*given);
  if (!value) refuse(name, unknown_word<E>());
  return value;
}

template <Worded E>
E Reader::required_word(std::string_view name) {
  if (!has(name) || null(name)) malformed(name, "is missing; expected one of " + all_words<E>());
  return word<E>(name).value_or(E{});
}

}  // namespace roamdesk::api
