#include "exchange/presence/dialog_info.hpp"

#include <fmt/format.h>

#include "common/base/utf8.hpp"

namespace roamdesk::presence {
namespace {

const char* to_string(DialogState state) {
  switch (state) {
    case DialogState::trying:
      return "trying";
    case DialogState::early:
      return "early";
    case DialogState::confirmed:
      return "confirmed";
  }
  return "";
}

// The user part of a SIP URI: what isn't allowed there is escaped (RFC 3261 §25.1, user-unreserved).
std::string uri_of(std::string_view user, std::string_view domain) {
  std::string uri = "sip:";
  for (const char c : user) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       std::string_view{"-_.!~*'()&=+$,;?/"}.find(c) != std::string_view::npos;
    if (plain)
      uri.push_back(c);
    else
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri + "@" + std::string{domain};
}

void add_attribute(std::string& xml, std::string_view name, std::string_view value) {
  if (!value.empty()) xml += fmt::format(" {}=\"{}\"", name, escape_xml(value));
}

void add_party(std::string& xml, std::string_view element, const Party& party, std::string_view domain, bool held) {
  const std::string uri = escape_xml(uri_of(party.number, party.host.empty() ? domain : party.host));
  xml += fmt::format("    <{}>\n      <identity", element);
  add_attribute(xml, "display", party.display);
  xml += fmt::format(">{}</identity>\n      <target uri=\"{}\"", uri, uri);
  // RFC 4235's schema calls the value `pval`; the servers that phones are made for write `pvalue`.
  xml += held ? ">\n        <param pname=\"+sip.rendering\" pval=\"no\" pvalue=\"no\"/>\n      </target>\n" : "/>\n";
  xml += fmt::format("    </{}>\n", element);
}

void add_dialog(std::string& xml, const DialogInfo& dialog, std::string_view domain) {
  xml += "  <dialog";
  add_attribute(xml, "id", dialog.id);
  add_attribute(xml, "call-id", dialog.call_id);
  add_attribute(xml, "local-tag", dialog.local_tag);
  add_attribute(xml, "remote-tag", dialog.remote_tag);
  add_attribute(xml, "direction", dialog.direction == Direction::initiator ? "initiator" : "recipient");
  xml += fmt::format(">\n    <state>{}</state>\n", to_string(dialog.state));
  add_party(xml, "local", dialog.local, domain, dialog.held && dialog.state == DialogState::confirmed);
  add_party(xml, "remote", dialog.remote, domain, false);
  xml += "  </dialog>\n";
}

}  // namespace

std::string dialog_info_xml(const ExtensionNumber& watched, std::string_view domain, std::uint32_t version,
                            const std::vector<DialogInfo>& dialogs) {
  std::string xml = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"{}\" state=\"full\" entity=\"{}\">\n",
      version, escape_xml(uri_of(watched.value(), domain)));
  for (const DialogInfo& dialog : dialogs) add_dialog(xml, dialog, domain);
  // An empty full state means idle by the RFC; phones want it said (reference/provisioning.md §7.2).
  if (dialogs.empty())
    xml +=
        fmt::format("  <dialog id=\"{}\">\n    <state>terminated</state>\n  </dialog>\n", escape_xml(watched.value()));
  return xml + "</dialog-info>\n";
}

std::string message_summary(const ExtensionNumber& mailbox, std::string_view domain, const MailboxState& state) {
  const bool waiting = state.new_messages > 0 || state.urgent_new > 0;
  return fmt::format("Messages-Waiting: {}\r\nMessage-Account: {}\r\nVoice-Message: {}/{} ({}/{})\r\n",
                     waiting ? "yes" : "no", uri_of(mailbox.value(), domain), state.new_messages, state.old_messages,
                     state.urgent_new, state.urgent_old);
}

}  // namespace roamdesk::presence
