#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/names/query.hpp"
#include "common/names/records.hpp"
#include "common/names/service_order.hpp"

namespace roamdesk::names {

// One query, from its first question to its targets (RFC 3263 §4.1, §4.2; README). Answers go in, questions come out;
// how long one waits for an answer is for who asks.
class Lookup {
 public:
  // Questions to be asked now, all at once; or the end, after which nothing more comes.
  struct Step {
    std::vector<Question> ask;
    std::optional<Located> located;
  };
  Lookup(Query query, Chance chance) : query_(std::move(query)), chance_(std::move(chance)) {}

  Step begin();
  // What wasn't asked, or was answered before, changes nothing.
  Step answered(const Question& question, const Answer& answer);
  // There is no time left: what is still open counts as not answered.
  Step give_up();

 private:
  // A transport that may be taken, and the name of its SRV records.
  struct Way {
    sip::Transport transport{};
    std::string services;
    std::chrono::seconds ttl = longest_ttl;
  };
  struct Server {
    std::string host;
    std::uint16_t port = 0;
    std::chrono::seconds ttl{};
  };
  Step ask(std::vector<Question> questions);
  Step advance();
  Step after_pointers(const Answer& answer);
  Step ask_services(std::vector<Way> ways);
  // The first way from `way_` on that has servers; where none has, the name's own address or the end.
  Step choose_way();
  Step without_services();
  Step ask_addresses(std::vector<Server> servers);
  Step after_addresses();
  Step end(std::vector<Target> targets);
  void note(Fault fault, const std::string& name);

  Query query_;
  Chance chance_;
  enum class Stage : std::uint8_t { pointers, services, addresses, ended } stage_ = Stage::pointers;
  std::set<Question> open_;
  std::map<Question, Answer> answers_;
  std::vector<Way> ways_;
  std::size_t way_ = 0;
  sip::Transport transport_ = sip::Transport::udp;
  std::vector<Server> servers_;
  std::optional<Problem> problem_;  // the first
};

}  // namespace roamdesk::names
