#pragma once
#include <string>
#include <vector>

#include "common/post/letter.hpp"
#include "exchange/model/emergency.hpp"
#include "exchange/model/location.hpp"

namespace roamdesk::notices {

// From whom e-mails are, and what names them.
struct Sender {
  std::string name;  // "Roamdesk pbx.example.com"
  std::string from;  // an address
  std::string host;  // "pbx.example.com"
};

// What those are told whom the location names: an e-mail to each mailbox, and its web hook's JSON. `unique`: of the
// e-mails' Message-IDs. True calls are heavier than strangers', and these than tests.
std::vector<post::Letter> letters_of(const Emergency& emergency, const Location& location, const Sender& sender,
                                     const std::string& unique);

// "12 Old Street, 10115 Berlin, DE; floor 2, room 205", as far as it is known.
std::string address_text(const CivicAddress& address);

}  // namespace roamdesk::notices
