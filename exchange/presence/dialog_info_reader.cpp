#include "exchange/presence/dialog_info_reader.hpp"

#include <algorithm>
#include <charconv>
#include <pugixml.hpp>
#include <string>

#include "common/base/text.hpp"
#include "common/sip/message.hpp"

namespace roamdesk::presence {
namespace {

constexpr std::size_t longest_body = 64 * 1024, most_dialogs = 64, longest_text = 64, longest_name = 256;
constexpr std::string_view blanks = " \t\r\n";

// Behind the prefix of its namespace.
std::string_view name_of(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  return name.substr(name.find(':') + 1);
}

pugi::xml_node child(const pugi::xml_node& parent, std::string_view name) {
  return parent.find_child([&](const pugi::xml_node& node) { return name_of(node) == name; });
}

std::string text_of(std::string_view text) { return std::string{trim(text, blanks).substr(0, longest_text)}; }

// What stands in a header again: the letters of a Call-ID (RFC 3261 §25.1, word), which are a tag's and some more.
bool is_name(std::string_view text) {
  constexpr std::string_view marks = "-.!%*_+`'~()<>:\\\"/[]?{}@";
  return !text.empty() && text.size() <= longest_name && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           marks.find(c) != std::string_view::npos;
  });
}

bool is_tag(std::string_view text) {
  return is_name(text) && text.find_first_of("()<>:\\\"/[]?{}@") == std::string_view::npos;
}

void take_names(const pugi::xml_node& node, DialogInfo& dialog) {
  const std::string_view call_id = node.attribute("call-id").value(), local = node.attribute("local-tag").value(),
                         remote = node.attribute("remote-tag").value();
  if (!is_name(call_id) || !is_tag(local) || !is_tag(remote)) return;
  dialog.call_id = call_id;
  dialog.local_tag = local;
  dialog.remote_tag = remote;
}

Party party_of(const pugi::xml_node& end) {
  const auto identity = child(end, "identity");
  Party party;
  party.display = text_of(identity.attribute("display").value());
  auto uri = sip::parse_uri(std::string{trim(identity.text().get(), blanks)});
  if (!uri) uri = sip::parse_uri(child(end, "target").attribute("uri").value());
  if (uri) party.number = text_of(sip::unescape(uri->user));
  return party;
}

// RFC 4235 §4.4: the value is called `pval` there, and `pvalue` by what many exchanges write.
bool is_held(const pugi::xml_node& local) {
  for (const auto& param : child(local, "target")) {
    if (name_of(param) != "param" || param.attribute("pname").value() != std::string_view{"+sip.rendering"}) continue;
    for (const auto* name : {"pval", "pvalue"})
      if (param.attribute(name).value() == std::string_view{"no"}) return true;
  }
  return false;
}

// False for a state that isn't known. Kamailio writes `Trying`.
bool take_state(const std::string& word, ToldDialog& told) {
  if (word == "trying" || word == "proceeding")
    told.dialog.state = DialogState::trying;
  else if (word == "early")
    told.dialog.state = DialogState::early;
  else if (word == "confirmed")
    told.dialog.state = DialogState::confirmed;
  else if (word == "terminated")
    told.over = true;
  else
    return false;
  return true;
}

}  // namespace

std::optional<ToldDialogs> read_dialog_info(std::string_view body) {
  if (body.size() > longest_body) return std::nullopt;
  pugi::xml_document document;
  if (!document.load_buffer(body.data(), body.size())) return std::nullopt;
  const auto root = child(document, "dialog-info");
  if (!root) return std::nullopt;
  ToldDialogs told;
  told.full = root.attribute("state").value() != std::string_view{"partial"};
  const std::string_view version = root.attribute("version").value();
  std::from_chars(version.data(), version.data() + version.size(), told.version);
  for (const auto& node : root) {
    if (name_of(node) != "dialog") continue;
    ToldDialog each;
    each.dialog.id = text_of(node.attribute("id").value());
    if (each.dialog.id.empty() || !take_state(lowered(trim(child(node, "state").text().get(), blanks)), each)) continue;
    if (told.dialogs.size() == most_dialogs) return std::nullopt;
    if (node.attribute("direction").value() == std::string_view{"recipient"})
      each.dialog.direction = Direction::recipient;
    take_names(node, each.dialog);
    const auto local = child(node, "local");
    each.dialog.held = is_held(local);
    each.dialog.local = party_of(local);
    each.dialog.remote = party_of(child(node, "remote"));
    told.dialogs.push_back(std::move(each));
  }
  return told;
}

}  // namespace roamdesk::presence
