#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "common/sip/parse.hpp"

// The torture messages of RFC 4475. What is expected was written down from the RFC's text; where the RFC leaves a
// choice the reason for ours stands beside it. Faults that only an application can see (unknown extensions, schemes,
// missing credentials) are accepted here.
namespace roamdesk::sip {
namespace {

struct Expected {
  const char* file;
  std::optional<ParseFault> fault;  // nullopt: accepted
  bool answerable = false;          // 400 or 505 can be sent
};

constexpr auto ok = std::nullopt;
constexpr Expected table[] = {
    // §3.1.1, valid
    {"wsinv", ok},
    {"intmeth", ParseFault::control_character, true},  // valid by the RFC; but no control character is passed on
    {"esc01", ok},
    {"escnull", ok},
    {"esc02", ok},
    {"lwsdisp", ok},
    {"longreq", ok},
    {"dblreq", ok},  // what follows behind Content-Length in a datagram is dropped
    {"semiuri", ok},
    {"transports", ok},
    {"mpart01", ok},
    {"unreason", ok},
    {"noreason", ok},
    // §3.1.2, invalid
    {"badinv01", ParseFault::malformed, true},  // its first Via can be read
    {"clerr", ParseFault::truncated, true},
    {"ncl", ParseFault::malformed, true},
    {"scalar02", ParseFault::malformed, true},
    {"scalarlg", ParseFault::malformed},  // a response: dropped
    {"quotbal", ok},                      // a quote that isn't closed: the URI in <> is there all the same
    {"ltgtruri", ParseFault::malformed, true},
    {"lwsruri", ParseFault::malformed, true},
    {"lwsstart", ParseFault::malformed, true},
    {"trws", ParseFault::malformed, true},
    {"escruri", ParseFault::malformed, true},  // headers in the Request-URI: the RFC's first choice, 400
    {"baddate", ok},                           // an element that doesn't use Date may ignore it
    {"regbadct", ParseFault::malformed, true},
    {"badaspec", ok},  // blanks inside <>: the RFC allows to be liberal, nothing is ambiguous
    {"baddn", ok},     // a comma in an unquoted display name: From is no list, so it is clear
    {"badvers", ParseFault::bad_version, true},
    {"mismatch01", ParseFault::malformed, true},
    {"mismatch02", ParseFault::malformed, true},
    {"bigcode", ParseFault::not_sip},  // a response: dropped
    // §3.2, transactions: a branch of nothing but the cookie counts as none
    {"badbranch", ok},
    // §3.3, applications
    {"insuf", ParseFault::malformed},  // no Call-ID, From, To: nothing to answer with
    {"unkscm", ok},
    {"novelsc", ok},
    {"unksm2", ok},
    {"bext01", ok},
    {"invut", ok},
    {"regaut01", ok},
    {"multi01", ParseFault::malformed, true},
    {"mcl01", ParseFault::malformed, true},
    {"bcast", ok},  // two Via: the transaction layer drops it (§18.1.2)
    {"zeromf", ok},
    {"cparam01", ok},
    {"cparam02", ok},
    {"regescrt", ok},
    {"sdp01", ok},
    // §3.4
    {"inv2543", ok},
};

std::string folder() {
  if (const char* given = std::getenv("ROAMDESK_RFC4475")) return given;
  return ROAMDESK_SOURCE_DIR "/tests/data/rfc4475";
}

std::optional<std::string> read(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>{file}, {}};
}

TEST(Rfc4475, EachMessageIsAcceptedOrRefusedAsWrittenDown) {
  if (!read(folder() + "/wsinv.dat")) {
    const char* ci = std::getenv("CI");
    if (ci && std::string_view{ci} == "true") FAIL() << "no RFC 4475 messages in " << folder();
    GTEST_SKIP() << "NOT TESTED: no RFC 4475 messages in " << folder()
                 << ". Set ROAMDESK_RFC4475 to the folder that holds wsinv.dat and the others.";
  }
  for (const auto& expected : table) {
    SCOPED_TRACE(expected.file);
    const auto bytes = read(folder() + "/" + expected.file + ".dat");
    if (!bytes) {
      ADD_FAILURE() << "file is missing";
      continue;
    }
    const auto result = parse(*bytes);
    EXPECT_EQ(result.has_value(), !expected.fault.has_value()) << (result ? "" : result.error().detail);
    if (!result && expected.fault) {
      EXPECT_EQ(result.error().fault, *expected.fault) << result.error().detail;
      EXPECT_EQ(result.error().answerable.has_value(), expected.answerable);
    }
    // What was accepted can be passed on, and means the same afterwards.
    if (result) {
      const auto again = parse(serialise(*result), {64 * 1024, 400});
      if (again)
        EXPECT_EQ(*again, *result);
      else
        ADD_FAILURE() << "our own words are refused: " << again.error().detail;
    }
  }
}

}  // namespace
}  // namespace roamdesk::sip
