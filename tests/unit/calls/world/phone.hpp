#pragma once
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/phones/mac.hpp"
#include "common/sip/flow.hpp"
#include "common/sip/message.hpp"
#include "common/sip/transaction_layer.hpp"

namespace roamdesk::calls::sim {

// A session description of a phone.
struct Media {
  Endpoint at;
  std::string direction = "sendrecv";
  std::string codecs = "8 0 101";
  unsigned version = 1;
};
std::string sdp(const Media& media);
// "192.0.2.1:4000" of the first audio line; "" where there is none.
std::string media_of(const std::string& sdp);
std::string direction_of(const std::string& sdp);

// One dialog as a phone has it.
struct PhoneDialog {
  std::string call_id;
  bool caller = false;
  sip::NameAddr local, remote;
  sip::Uri target;
  std::uint32_t cseq = 1;
  std::optional<sip::ClientTx> invite_ctx;
  std::optional<sip::ServerTx> invite_tx;
  sip::Message invite;
  int status = 0;             // of the INVITE, the last response seen or sent
  std::vector<int> progress;  // provisional responses, in order
  std::string heard;          // the last session description from the other side
  std::string said;           // ours
  bool up = false, over = false;
  bool acked = false;  // an ACK for our 2xx came
  int modified = 0;    // status of the last re-INVITE or UPDATE that we sent
  std::optional<sip::ClientTx> modify_ctx;
  std::string bye_reason, cancel_reason;  // Reason headers
};

// A desk phone, as far as calls need one: user agent core over a transaction layer of its own.
class Phone {
 public:
  struct Habits {
    bool rings = true;                                 // 180
    std::optional<std::chrono::milliseconds> answers;  // by itself, after this long
    int rejects = 0;                                   // at once, with this status
    bool early_media = false;                          // 183 with session description instead of 180
    bool takes_update = true;
    bool wants_offers = false;                 // 488 to a re-INVITE without one
    bool refers_away = false;                  // ignores in-dialog requests other than BYE (never answers)
    bool silent = false;                       // answers nothing at all
    int modifies = 0;                          // this status to re-INVITE and UPDATE, where it isn't 0
    std::string redirect;                      // 302 to this user
    std::vector<std::string> contacts;         // 302 to these, as they stand in Contact; instead of `redirect`
    bool early_answer_only = false;            // its 200 leaves out what its 183 brought
    std::string privacy;                       // Privacy of its answers
    bool acknowledges_late = false;            // when `late_ack` is called
    std::function<void(sip::Message&)> words;  // how it writes an answer, or an offer in a 2xx
  };
  Phone(std::string user, Mac mac, sip::Flow flow, std::function<std::string()> unique);

  void handle_bytes(const std::string& bytes, TimePoint now);
  void handle_timeout(TimePoint now);
  std::optional<TimePoint> deadline() const;
  std::optional<std::string> poll_bytes();

  std::function<void(TimePoint)> late_ack;  // of the newest 2xx

  // ---- what its user does; dialogs by their index, -1: the newest
  std::size_t dial(const std::string& user, TimePoint now, std::function<void(sip::Message&)> edit = {});
  void cancel(TimePoint now, int dialog = -1, std::string reason = {});
  void answer(TimePoint now, int dialog = -1);
  void reject(int status, TimePoint now, int dialog = -1);
  void hang_up(TimePoint now, int dialog = -1);
  void modify(const std::string& method, const std::string& direction, TimePoint now, int dialog = -1);
  void modify_without_offer(TimePoint now, int dialog = -1);
  void refer(const std::string& refer_to, TimePoint now, int dialog = -1);
  void send(const std::string& method, TimePoint now, std::function<void(sip::Message&)> edit = {}, int dialog = -1);
  std::string replaces(int dialog) const;  // for a Refer-To

  PhoneDialog& at(int dialog = -1);
  bool idle() const;                                   // every dialog is over
  std::vector<std::string> sipfrags;                   // of NOTIFYs, in order
  std::vector<sip::Message> requests;                  // every request that came in
  std::vector<std::pair<std::string, int>> responses;  // finals to requests that it sent in dialogs: method, status

  std::string user;
  Mac mac;
  sip::Flow flow;  // as the core has it
  Habits habits;
  std::string contact;
  std::vector<PhoneDialog> dialogs;

 private:
  void drain(TimePoint now);
  void on(const sip::RequestReceived& e, TimePoint now);
  void on(const sip::AckReceived& e);
  void on(const sip::CancelReceived& e, TimePoint now);
  void on(const sip::ResponseReceived& e, TimePoint now);
  void invited(const sip::RequestReceived& e, TimePoint now);
  PhoneDialog* find(const sip::Message& request);
  sip::Message request(PhoneDialog& dialog, const std::string& method);
  std::string describe(const std::string& direction = "sendrecv");
  std::string answer_to(const std::string& offer);

  sip::Flow own_;
  sip::TransactionLayer layer_;
  std::function<std::string()> unique_;
  unsigned version_ = 0;
  std::deque<std::pair<TimePoint, std::string>> answering_;  // Call-ID
};

}  // namespace roamdesk::calls::sim
