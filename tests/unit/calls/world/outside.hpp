#pragma once
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/sip/digest.hpp"
#include "common/sip/flow.hpp"
#include "common/sip/message.hpp"
#include "exchange/calls/types.hpp"

namespace roamdesk::calls::sim {

// One dialog as a trunk's server has it.
struct OutsideDialog {
  std::string call_id;
  bool caller = false;
  sip::NameAddr local, remote;
  sip::Uri target;
  std::vector<sip::NameAddr> routes;
  std::uint32_t cseq = 100;
  sip::Message invite;  // which began it
  bool up = false, over = false, acked = false;
  int status = 0;                       // caller: the newest response
  std::vector<int> progress;            // caller: provisional responses
  std::vector<sip::Message> responses;  // to its requests, provisional ones of its INVITE included
  std::string heard, said;              // session descriptions
};

// Challenges every request but ACK and CANCEL: with 407, or as a server with 401.
struct Challenging {
  std::string realm = "provider.example";
  std::string password = "secret";
  bool proxy = true;
  bool never_content = false;  // whatever it is told
};

// One server of a trunk, without any transaction layer: its messages are what a test makes them, and it keeps what
// comes in. By itself it answers 100 to an INVITE, 200 to requests in a dialog, and whatever CANCEL, 2xx and refusals
// want.
class Outside {
 public:
  using Edit = std::function<void(sip::Message&)>;
  struct Habits {
    bool silent = false;             // it hears nothing
    bool mute = false;               // it answers nothing by itself
    int refuses = 0;                 // each INVITE without a To tag, at once, with this status
    bool answers = false;            // each INVITE without a To tag, at once
    bool rings = false;              // with 180
    int refuses_changes = 0;         // re-INVITE and UPDATE, with this status
    bool wants_offers = false;       // 488 to an INVITE or re-INVITE without one
    std::string codecs = "8 0 101";  // what it has
    std::string allow = "INVITE, ACK, CANCEL, BYE, UPDATE, PRACK, INFO, OPTIONS";
    std::string min_se;           // 422 to what asks for less (RFC 4028 §6)
    std::string session_expires;  // of its 2xx
    std::string image;            // it answers a line of T.38 with this: its m= and a= lines
    Edit words;                   // how it writes an answer to an INVITE or UPDATE
  };

  Outside(PeerId peer, sip::Flow flow, std::function<std::string()> unique);

  void handle_bytes(const std::string& bytes, TimePoint now);
  std::optional<std::string> poll_bytes();

  // ---- as the callee; dialogs by their index, -1: the newest
  void respond(const sip::Message& request, int status, const Edit& edit = {}, const std::string& tag = {});
  void ring(int status = 180, const std::string& sdp = {}, const Edit& edit = {}, int dialog = -1);
  // By another phone than the dialog's: To tag `tag`.
  void ring_as(const std::string& tag, int status, const std::string& sdp, const Edit& edit = {});
  void answer(const Edit& edit = {}, int dialog = -1);
  void refuse(int status, const Edit& edit = {}, int dialog = -1);
  // ---- as the caller
  void dial(const std::string& number, const Edit& edit = {});
  void cancel(int dialog = -1);
  // ---- either
  void hang_up(int dialog = -1, const Edit& edit = {});
  void send(const std::string& method, const Edit& edit = {}, int dialog = -1);
  void modify(const std::string& method, const std::string& sdp, int dialog = -1);
  std::string describe(const std::string& direction = "sendrecv", const std::string& codecs = {});

  OutsideDialog& at(int dialog = -1);
  // The newest request of this method; nullptr if there was none.
  const sip::Message* last(std::string_view method) const;
  std::size_t count(std::string_view method) const;

  PeerId peer;
  sip::Flow flow;  // as the core has it
  std::string domain = "provider.example";
  Habits habits;
  std::optional<Challenging> challenges;
  std::vector<OutsideDialog> dialogs;
  std::vector<sip::Message> requests;  // that came in, without repetitions
  std::vector<sip::Message> refused;   // of these, those that were challenged

 private:
  OutsideDialog* find(const sip::Message& message);
  void on_request(const sip::Message& request, TimePoint now);
  void on_response(const sip::Message& response);
  bool challenged(const sip::Message& request, TimePoint now);
  void invited(const sip::Message& invite);
  void changed(OutsideDialog& dialog, const sip::Message& request);
  std::string answer_to(const std::string& offer);
  sip::Message request(OutsideDialog& dialog, const std::string& method);
  void put(const sip::Message& message);

  std::function<std::string()> unique_;
  std::unique_ptr<sip::DigestServer> digest_;
  unsigned version_ = 0;
  std::deque<std::string> bytes_;
};

}  // namespace roamdesk::calls::sim
