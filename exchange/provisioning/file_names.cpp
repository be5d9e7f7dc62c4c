#include "exchange/provisioning/file_names.hpp"

#include "common/sip/text.hpp"

namespace roamdesk::provisioning {
namespace {

using phones::Vendor;

constexpr std::size_t longest = 128;

std::string lowered(std::string_view text) {
  std::string out;
  for (const char c : text) out += sip::lower(c);
  return out;
}

bool is_digits(std::string_view text) {
  for (const char c : text)
    if (c < '0' || c > '9') return false;
  return !text.empty();
}

// "<mac><ending>"
std::optional<Mac> mac_before(std::string_view name, std::string_view ending) {
  if (name.size() != 12 + ending.size() || !name.ends_with(ending)) return std::nullopt;
  return Mac::parse(name.substr(0, 12));
}

// "y000000000108<ending>"
bool is_yealink_common(std::string_view name, std::string_view ending) {
  return name.size() == 13 + ending.size() && name.front() == 'y' && name.ends_with(ending) &&
         is_digits(name.substr(1, 12));
}

FileName yealink(std::string_view name) {
  if (const auto mac = mac_before(name, ".cfg")) return {FileKind::device_config, mac};
  if (const auto mac = mac_before(name, ".boot")) return {FileKind::boot, mac};
  if (is_yealink_common(name, ".boot")) return {FileKind::boot, {}};
  if (is_yealink_common(name, ".cfg")) return {FileKind::common, {}};
  if (name.ends_with(".rom")) return {FileKind::firmware, {}};
  return {FileKind::other, {}};
}

FileName fanvil(std::string_view name) {
  if (const auto mac = mac_before(name, ".cfg")) return {FileKind::device_config, mac};
  // "f0x4hw1.100.cfg", "f0v00x300000.cfg"
  if (name.starts_with("f0") && name.ends_with(".cfg")) return {FileKind::common, {}};
  if ((name.starts_with("fanvil_") && name.ends_with(".txt")) || name.ends_with(".z")) return {FileKind::firmware, {}};
  return {FileKind::other, {}};
}

FileName snom(std::string_view name) {
  const auto dot = name.rfind('.');
  const auto ending = dot == std::string_view::npos ? std::string_view{} : name.substr(dot);
  if (ending == ".bin" || ending == ".swu") return {FileKind::firmware, {}};
  if (ending != ".htm" && ending != ".html" && ending != ".xml") return {FileKind::other, {}};
  const auto stem = name.substr(0, dot);
  if (stem.ends_with("-firmware")) return {FileKind::firmware, {}};
  // "snomd785-000413112233", or the bare MAC
  if (stem.size() == 12 || (stem.size() > 13 && stem[stem.size() - 13] == '-'))
    if (const auto mac = Mac::parse(stem.substr(stem.size() - 12))) return {FileKind::device_config, mac};
  if (stem.starts_with("snom")) return {FileKind::common, {}};
  return {FileKind::other, {}};
}

FileName grandstream(std::string_view name) {
  if (name.ends_with("fw.bin")) return {FileKind::firmware, {}};
  if (!name.starts_with("cfg")) return {FileKind::other, {}};
  const auto rest = name.substr(3);
  if (const auto mac = mac_before(rest, ".xml")) return {FileKind::device_config, mac};
  if (const auto mac = mac_before(rest, "")) return {FileKind::device_probe, mac};
  if (const auto mac = mac_before(rest, ".bin")) return {FileKind::device_probe, mac};
  if (rest.ends_with(".xml")) return {FileKind::common, {}};
  return {FileKind::other, {}};
}

}  // namespace

FileName resolve(Vendor vendor, std::string_view given) {
  if (given.empty() || given.size() > longest) return {};
  const auto name = lowered(given);
  switch (vendor) {
    case Vendor::yealink:
      return yealink(name);
    case Vendor::fanvil:
      return fanvil(name);
    case Vendor::snom:
      return snom(name);
    case Vendor::grandstream:
      return grandstream(name);
    case Vendor::unknown:
    case Vendor::htek:
    case Vendor::poly:
    case Vendor::cisco:
    case Vendor::gigaset:
      return {};
  }
  return {};
}

Vendor vendor_by_name(std::string_view given) {
  if (given.empty() || given.size() > longest) return Vendor::unknown;
  const auto name = lowered(given);
  if (mac_before(name, ".boot") || is_yealink_common(name, ".boot") || is_yealink_common(name, ".cfg"))
    return Vendor::yealink;
  for (const auto vendor : {Vendor::snom, Vendor::grandstream}) {
    const auto kind = resolve(vendor, name).kind;
    if (kind == FileKind::device_config || kind == FileKind::device_probe || kind == FileKind::common) return vendor;
  }
  if (fanvil(name).kind == FileKind::common) return Vendor::fanvil;
  return Vendor::unknown;
}

std::string config_file_name(const phones::Model& model, const Mac& mac) {
  switch (model.vendor) {
    case Vendor::snom: {
      std::string upper, name = "snom";
      for (const char c : mac.text()) upper += c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
      if (model.name != "generic") name += model.name;
      return name + "-" + upper + ".htm";
    }
    case Vendor::grandstream:
      return "cfg" + mac.text() + ".xml";
    case Vendor::yealink:
    case Vendor::fanvil:
    case Vendor::unknown:
    case Vendor::htek:
    case Vendor::poly:
    case Vendor::cisco:
    case Vendor::gigaset:
      return mac.text() + ".cfg";
  }
  return mac.text() + ".cfg";
}

}  // namespace roamdesk::provisioning
