#include <cstdint>
#include <cstdlib>

#include "common/names/answer_reader.hpp"

// Whatever a DNS server sends: what is read keeps to the limits, and every name in it can be asked for again.
namespace {

using namespace roamdesk::names;

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_name(const std::string& text) { return text.empty() || is_host_name(text); }

void check(const Answer& answer) {
  if (!answer) return;
  if (const auto* services = std::get_if<std::vector<ServiceRecord>>(&*answer)) {
    require(services->size() <= most_records);
    for (const ServiceRecord& record : *services) require(is_name(record.target) && record.ttl.count() >= 0);
  } else {
    const auto& pointers = std::get<std::vector<PointerRecord>>(*answer);
    require(pointers.size() <= most_records);
    for (const PointerRecord& record : pointers) {
      require(is_name(record.replacement) && record.ttl.count() >= 0);
      require(record.flags.size() <= 255 && record.services.size() <= 255);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check(read_answer({RecordType::srv, "_sip._udp.example.com"}, {data, size}));
  check(read_answer({RecordType::naptr, "example.com"}, {data, size}));
  return 0;
}
