#pragma once
#include <optional>

#include "common/config/section.hpp"
#include "pbx-core/notices/mail_server.hpp"

namespace roamdesk::notices {

// `mail` of pbx-core.yaml; nullopt where it is absent or null. What is wrong in it is a fault of the file, which never
// shows a password.
void read_mail(config::Section& root, std::optional<MailServer>& mail);

}  // namespace roamdesk::notices
