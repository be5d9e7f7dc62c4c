#include "pbx-core/notices/mail_config.hpp"

#include <fstream>
#include <iterator>
#include <string>

#include "common/base/text.hpp"
#include "common/post/receivers.hpp"

namespace roamdesk::notices {
namespace {

bool is_readable(const std::filesystem::path& file) { return std::ifstream{file}.good(); }

// The first line of the file.
std::optional<Secret> password_in(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  Secret password{std::string{trim(line, " \t\r")}};
  wipe(line);
  return password.empty() ? std::nullopt : std::optional{std::move(password)};
}

void read_password(config::Section& section, MailServer& mail) {
  std::optional<std::filesystem::path> file;
  section.read("password", mail.password);
  section.read("password_file", file);
  if (!file) return;
  const auto node = *section.child("password_file");
  if (!mail.password.empty())
    return node.fault("mail.password_file: stands beside mail.password", "expected one of them");
  auto password = password_in(*file);
  if (!password) return node.refuse("expected a readable file whose first line is the password");
  mail.password = std::move(*password);
}

void read_server(config::Section& section, MailServer& mail) {
  section.require("server", "expected the mail server and its port, as smtp.example.com:587");
  section.require("from", "expected the address that e-mails come from, as roamdesk@example.com");
  section.read("server", mail.server);
  section.read("from", mail.from);
  if (const auto node = section.child("from"); node && !node->is_null() && !post::is_mail_address(mail.from))
    node->refuse("expected an address, as roamdesk@example.com");
  section.read("user", mail.user);
  read_password(section, mail);
  section.read_choice<MailTls>("tls", mail.tls,
                               {{"starttls", MailTls::starttls}, {"tls", MailTls::tls}, {"none", MailTls::none}});
  section.read("authority", mail.authority);
  if (mail.authority && !is_readable(*mail.authority))
    section.child("authority")->refuse("expected a readable file with the authority's certificate in PEM");
  const auto user = section.child("user");
  if (mail.user.empty() != mail.password.empty())
    section.node().fault("mail: user and password don't stand together", "expected both, or neither");
  else if (user && !mail.user.empty() && mail.tls == MailTls::none)
    user->fault("mail.user: the password would be sent without encryption", "expected tls: starttls, or tls: tls");
}

}  // namespace

void read_mail(config::Section& root, std::optional<MailServer>& mail) {
  const auto node = root.child("mail");
  if (!node || node->is_null()) return;
  root.read_section("mail", [&mail](config::Section& section) { read_server(section, mail.emplace()); });
}

}  // namespace roamdesk::notices
