#pragma once
#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "common/http/message.hpp"

namespace roamdesk::api {

// RFC 9457. `detail` says what is wrong and what would be right; `field` names the member of the body that it is about.
struct Problem {
  unsigned status = 400;
  std::string detail;
  std::string field;
  std::size_t line = 0;  // of a text of several lines, from 1; 0: it is about no line
  // Of a change of several records: those that somebody else has changed meanwhile.
  std::vector<std::string> changed{};
};

http::Response to_response(const Problem& problem);
// For a log-in that lacks its second factor: "second_factor": true.
http::Response to_response_for_code(const Problem& problem);
http::Response json_response(unsigned status, const boost::json::value& body);

}  // namespace roamdesk::api
