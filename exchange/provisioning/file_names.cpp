#include "exchange/provisioning/file_names.hpp"

#include "common/phones/vendor_facts.hpp"
#include "common/sip/text.hpp"

namespace roamdesk::provisioning {
namespace {

constexpr std::size_t longest_name = 128;

std::string lowered(std::string_view text) {
  std::string out;
  for (const char c : text) out += sip::lower(c);
  return out;
}

}  // namespace

FileName resolve(phones::Vendor vendor, std::string_view name) {
  if (name.empty() || name.size() > longest_name || !phones::is_supported(vendor)) return {};
  return (*phones::grammar_of(vendor).resolve)(lowered(name));
}

FileName resolve(std::string_view name) {
  for (const auto vendor : phones::supported_vendors())
    if (const auto found = resolve(vendor, name); found.mac) return found;
  return {};
}

std::string config_file_name(const phones::Model& model, const Mac& mac) {
  return (*phones::grammar_of(model.vendor).own_file)(model.name, mac);
}

}  // namespace roamdesk::provisioning
