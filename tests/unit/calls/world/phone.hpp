#pragma once
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/secret.hpp"
#include "common/base/srtp.hpp"
#include "common/base/time.hpp"
#include "common/phones/mac.hpp"
#include "common/sip/flow.hpp"
#include "common/sip/message.hpp"
#include "tests/support/phone/call.hpp"

namespace roamdesk::calls::sim {

using phone::direction_of;
using phone::media_of;

// How a test alters what a phone is about to say.
using Alter = std::function<void(sip::Message&)>;

// One call as a phone has it; for the tests the last INVITE or UPDATE that came in it, as the product reads it.
struct PhoneDialog : phone::Call {
  using Call::Call;
  sip::Message invite;
};

// A desk phone, as far as calls need one. What it says and hears it writes and reads itself (tests/support/phone).
class Phone {
 public:
  struct Habits {
    bool rings = true;                                 // 180
    std::optional<std::chrono::milliseconds> answers;  // by itself, after this long
    int rejects = 0;                                   // at once, with this status
    bool early_media = false;                          // 183 with session description instead of 180
    bool takes_update = true;
    bool wants_offers = false;          // 488 to a re-INVITE without one
    bool refers_away = false;           // ignores in-dialog requests other than BYE (never answers)
    bool silent = false;                // answers nothing at all
    int modifies = 0;                   // this status to re-INVITE and UPDATE, where it isn't 0
    std::string redirect;               // 302 to this user
    std::vector<std::string> contacts;  // 302 to these, as they stand in Contact; instead of `redirect`
    bool early_answer_only = false;     // its 200 leaves out what its 183 brought
    std::string privacy;                // Privacy of its answers
    bool acknowledges_late = false;     // when late_ack() is called
    Srtp srtp = Srtp::off;              // as its own setting has it
    char key = 'p';                     // of what it sends, in each suite: so many of these
    std::vector<SrtpSuite> suites{SrtpSuite::aes_cm_128_hmac_sha1_80, SrtpSuite::aead_aes_256_gcm};
    Alter words;  // how it writes an answer, or an offer in a 2xx
  };
  Phone(std::string user, Mac mac, sip::Flow flow, std::function<std::string()> unique);

  void handle_bytes(const std::string& bytes, TimePoint now);
  void handle_timeout(TimePoint now);
  std::optional<TimePoint> deadline() const;
  std::optional<std::string> poll_bytes();

  void late_ack();  // see acknowledges_late

  // ---- what its user does; dialogs by their index, -1: the newest
  std::size_t dial(const std::string& user, TimePoint now, const Alter& alter = {});
  void cancel(TimePoint now, int dialog = -1, const std::string& reason = {});
  void answer(TimePoint now, int dialog = -1);
  void reject(int status, TimePoint now, int dialog = -1);
  void hang_up(TimePoint now, int dialog = -1);
  void modify(const std::string& method, const std::string& direction, TimePoint now, int dialog = -1);
  void modify_without_offer(TimePoint now, int dialog = -1);
  void refer(const std::string& refer_to, TimePoint now, int dialog = -1);
  void send(const std::string& method, TimePoint now, const Alter& alter = {}, int dialog = -1);
  std::string replaces(int dialog) const;  // for a Refer-To

  PhoneDialog& at(int dialog = -1);
  bool idle() const;                                   // every dialog is over
  std::vector<std::string> sipfrags;                   // of NOTIFYs, in order
  std::vector<sip::Message> requests;                  // every request that came in
  std::string warning;                                 // of the newest refusal
  std::vector<std::pair<std::string, int>> responses;  // finals to requests that it sent in dialogs: method, status

  std::string user;
  Mac mac;
  sip::Flow flow;  // as the core has it
  Habits habits;
  std::string contact;
  std::deque<PhoneDialog> dialogs;

 private:
  void heed();           // its habits, which tests change at any time
  PhoneDialog& added();  // the newest one, made ready
  void seal(phone::Media& media, std::string_view offer) const;
  void on_request(const std::string& bytes, TimePoint now);
  void invited(const std::string& bytes, const sip::Message& invite, TimePoint now);
  PhoneDialog* find(const std::string& request);

  phone::Agent agent_;
  std::deque<std::string> said_;
  std::deque<std::pair<TimePoint, std::string>> answering_;  // Call-ID
};

}  // namespace roamdesk::calls::sim
