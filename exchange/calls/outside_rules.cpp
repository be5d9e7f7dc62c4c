#include "exchange/calls/outside_rules.hpp"

#include <algorithm>
#include <string>

namespace roamdesk::calls {
namespace {

sip::Message refusal(int status, const char* phrase, const char* reason) {
  sip::Message response;
  response.status = status;
  response.reason = phrase;
  if (reason) response.set_header("Reason", reason);
  return response;
}

}  // namespace

bool is_next_asked(const Manner& manner, int status) {
  if (manner.help) return true;  // who isn't helped here may be helped elsewhere
  if (status == 401 || status == 407 || status == 408) return true;
  if (status >= 500 && status < 600) return true;
  return std::find(manner.also_next.begin(), manner.also_next.end(), status) != manner.also_next.end();
}

bool says_full(int status) { return status == 486 || status == 503 || status == 600; }

// 424 is RFC 6442's; providers that know nothing of bodies of several parts say one of the others.
bool speaks_of_body(int status) {
  for (const int each : {400, 406, 413, 415, 420, 424, 488, 513})
    if (status == each) return true;
  return false;
}

sip::Message in_callers_words(const sip::Message& response) {
  auto heard = response;
  const auto say = [&](int status, const char* phrase) {
    heard.status = status;
    heard.reason = phrase;
  };
  const int status = response.status;
  if (status == 401 || status == 407) say(500, "Provider refuses our credentials");
  if (status >= 300 && status < 400) say(500, "Provider redirects the call");
  if (status == 503) say(500, "Provider has no service");
  if (status == 408) say(504, "Provider has timed out");
  if (status == 481) say(480, "Provider has lost the call");
  return heard;
}

sip::Message trunk_silent() {
  return refusal(504, "Provider does not answer", "Q.850;cause=38;text=\"Network out of order\"");
}

sip::Message trunk_full() {
  return refusal(486, "All lines are busy", "Q.850;cause=34;text=\"No circuit/channel available\"");
}

sip::Message not_admitted(const Admission& admission) {
  auto response = admission.trunk_is_full ? trunk_full() : refusal(admission.status, "", nullptr);
  response.reason = admission.words.empty() ? sip::default_reason(response.status) : admission.words;
  return response;
}

}  // namespace roamdesk::calls
