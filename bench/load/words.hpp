#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// As much of SIP as a phone under load needs. Messages of both servers are well-formed; whatever isn't counts as lost.
namespace roamdesk::load {

struct Account {
  std::string user;  // of the digest
  std::string password;
  std::string number;  // of the address of record
};
// One account a line: user, password and number, separated by blanks. Throws std::runtime_error.
std::vector<Account> read_accounts(const std::string& file);

int status_of(std::string_view message);               // 0: a request
std::string_view method_of(std::string_view message);  // of a request
// The value of the first header of this name (or its short form), empty: none.
std::string_view header(std::string_view message, std::string_view name, std::string_view brief = {});
// All headers of this name as they stand, each with its CRLF.
std::string headers(std::string_view message, std::string_view name, std::string_view brief = {});
// What is between quotes after `name=`, or up to the next comma, semicolon or blank.
std::string_view parameter(std::string_view value, std::string_view name);
std::string_view uri_of(std::string_view name_addr);  // between < and >
std::string_view body_of(std::string_view message);

// The value of Authorization for the challenge of a 401 or 407; empty where it isn't MD5 with qop=auth.
std::string answer(const Account& account, std::string_view challenge, std::string_view method, std::string_view uri);

std::string dotted(std::uint32_t address);
std::string token();  // 16 hexadecimal digits, never twice the same in a run

}  // namespace roamdesk::load
