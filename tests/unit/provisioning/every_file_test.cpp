#include <fmt/format.h>
#include <gtest/gtest.h>
#include <time.h>

#include <algorithm>
#include <limits>
#include <set>

#include "parameters.hpp"
#include "rendered.hpp"
#include "views.hpp"

// The files of all models, in all that a phone can be and with all that can be set.
namespace roamdesk::provisioning {
namespace {

using phones::Vendor;

// Of one file. The largest there is (an Htek with six modules) has half of it; an SBC passes on 4 MiB.
constexpr std::size_t largest_file = 256 << 10;

// What is wrong with a file; "" for nothing. Settings that are there twice, or an account that isn't the view's, too.
std::string form_fault(const PhoneView& view, const std::string& text) {
  if (text.size() > largest_file) return fmt::format("{} bytes", text.size());
  if (text.find("{{") != std::string::npos || text.find("}}") != std::string::npos) return "a mark of the template";
  if (text.find('\r') != std::string::npos || !text.ends_with('\n')) return "lines that don't end as they should";
  if (text.find(view.account.digest_user) == std::string::npos) return "no account";
  if (!writes_xml(view.model.vendor)) {
    std::set<std::string> names;
    std::size_t begin = text.find('\n') + 1;
    if (text.substr(0, begin) != "#!version:1.0.0.1\n") return "another first line";
    while (begin < text.size()) {
      const auto end = text.find('\n', begin);
      const auto line = text.substr(begin, end - begin);
      begin = end + 1;
      if (line.empty() || line[0] == '#') continue;
      const auto equals = line.find(" = ");
      if (equals == std::string::npos || equals + 3 == line.size()) return "no value: " + line;
      if (!names.insert(line.substr(0, equals)).second) return "twice: " + line;
    }
    return "";
  }
  xml::Reader reader{text};
  reader.read();
  return reader.fault();
}

TEST(EveryFile, IsWellFormedWhateverThePhoneIsAndWhateverIsSet) {
  std::size_t files = 0;
  std::set<std::string> told;
  for (const auto& model : provisioner().models().all()) {
    const auto states = states_of(model);
    // Each option with each model, each state with each model and each option.
    for (std::size_t at = 0; at < std::size(options); ++at) {
      auto view = states[(files + at / states.size()) % states.size()];
      options[at].change(view);
      ++files;
      if (const auto fault = form_fault(view, body(view)); !fault.empty() && told.insert(model.name + fault).second)
        ADD_FAILURE() << phones::to_string(model.vendor) << " " << model.name << ", " << options[at].name << ": "
                      << fault;
    }
  }
  EXPECT_EQ(files, provisioner().models().all().size() * std::size(options));
  EXPECT_GT(files, 3000u);
}

TEST(EveryFile, ThatIsntWellFormedIsFoundOut) {
  auto view = occupied_view(Vendor::yealink);
  const auto good = body(view);
  EXPECT_EQ(form_fault(view, good), "");
  for (const auto& bad : {good + "linekey.3.type = 1\n", good + "linekey.99.type\n", good + "linekey.99.type = \n",
                          good + "x = {{Y}}\n", good + "x = y\r\n", good + "x = y", "#!version:1.0.0.2\n" + good,
                          good + std::string(largest_file, '#'), std::string{"#!version:1.0.0.1\n"}})
    EXPECT_NE(form_fault(view, bad), "") << bad.substr(0, 40);
  view = occupied_view(Vendor::snom);
  const auto xml = body(view);
  EXPECT_EQ(form_fault(view, xml), "");
  for (const auto& bad : {xml + "<x>\n", xml.substr(0, xml.size() / 2) + "\n", "<a>" + xml, xml + "&\n"})
    EXPECT_NE(form_fault(view, bad), "");
}

// Of this thread, in microseconds: what others do on the machine doesn't count.
long own_time() {
  timespec spent{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return spent.tv_sec * 1'000'000 + spent.tv_nsec / 1'000;
}

#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define ROAMDESK_SANITIZED
#endif
#endif

// Microseconds of CPU that a file may cost.
#if defined(ROAMDESK_SANITIZED) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr long most_cost = 60'000;
#elif defined(NDEBUG)
constexpr long most_cost = 2'000;
#else
constexpr long most_cost = 6'000;
#endif

// A restart of a company's phones renders all of them: 1,000 in two seconds of one core at most, in a release.
TEST(EveryFile, IsRenderedInUnderTwoMilliseconds) {
  long slowest = 0;
  std::string which;
  for (const auto& model : provisioner().models().all()) {
    const auto full = states_of(model)[2];
    long best = std::numeric_limits<long>::max();
    for (int turn = 0; turn < 3 && best > most_cost / 2; ++turn) {
      const auto begin = own_time();
      EXPECT_FALSE(body(full).empty());
      best = std::min(best, own_time() - begin);
    }
    EXPECT_LT(best, most_cost) << phones::to_string(model.vendor) << " " << model.name;
    if (best > slowest) slowest = best, which = fmt::format("{} {}", phones::to_string(model.vendor), model.name);
  }
  RecordProperty("slowest", fmt::format("{}: {} us", which, slowest));
  std::printf("slowest: %s, %ld us\n", which.c_str(), slowest);
}

}  // namespace
}  // namespace roamdesk::provisioning
