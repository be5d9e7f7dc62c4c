#include "sbc/key_input.hpp"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <stdexcept>

namespace roamdesk::sbc {
namespace {

constexpr std::size_t longest = 4096;

// What is typed isn't shown while this lives.
class Unseen {
 public:
  Unseen() : terminal_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!terminal_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);  // which forgets what was typed before it
    std::fputs("Enrolment key (of the console, or of `pbx-core sbc add`): ", stderr);
  }
  ~Unseen() {
    if (!terminal_) return;
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    std::fputs("\n", stderr);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  termios before_{};
  bool terminal_;
};

}  // namespace

Secret first_line(std::istream& stream) {
  std::string line;
  for (int c = stream.get(); c != std::istream::traits_type::eof() && c != '\n' && line.size() < longest;
       c = stream.get())
    line += static_cast<char>(c);
  const auto begin = line.find_first_not_of(" \t\r");
  const auto end = line.find_last_not_of(" \t\r");
  return Secret{begin == std::string::npos ? "" : line.substr(begin, end - begin + 1)};
}

Secret read_key(const std::optional<std::string>& file) {
  Secret key;
  if (file && *file != "-") {
    std::ifstream stream{*file};
    if (!stream) throw std::runtime_error(*file + " can't be read; a file with the enrolment key is expected");
    key = first_line(stream);
  } else {
    const Unseen unseen;
    key = first_line(std::cin);
  }
  if (key.empty())
    throw std::runtime_error("no enrolment key was given; one of the console, or of `pbx-core sbc add`, is expected");
  return key;
}

}  // namespace roamdesk::sbc
