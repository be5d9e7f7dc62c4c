#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/phone/agent.hpp"

namespace roamdesk::phone {

// A call as one of its sides has it: its dialog, its INVITE, its session descriptions. It stays where it was made (its
// transactions know it). What it doesn't do by itself it is told: ringing, answering, ending.
class Call : public Dialog {
 public:
  explicit Call(Agent& agent) : agent_(agent) {}  // to be dialled
  Call(Agent& agent, std::string_view invite);    // that came in
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  // ---- the caller. Challenges are answered once; a reliable provisional response gets its PRACK.
  // `uri` with its scheme. `edit` before it leaves, each time: the offer too.
  void dial(const std::string& uri, Time now, Edit edit = {});
  void cancel(Time now, const std::string& reason = {});  // `reason`: of the Reason header

  // ---- the called one
  // A provisional response. With a description it is early media; `reliable` is repeated until its PRACK (RFC 3262).
  void ring(int provisional, bool with_media, Time now, bool reliable = false);
  // 200; without a description where an earlier response had it and that shall do.
  void answer(Time now, const std::string& lines = {}, bool with_media = true);
  void reject(int refusal, Time now, const std::string& lines = {});
  bool pending() const { return pending_; }  // it waits for the final response

  // ---- both
  void hang_up(Time now);  // BYE, CANCEL or 486
  // INVITE or UPDATE with an offer of this direction; `modified` says how it ended.
  void modify(const std::string& method, const std::string& direction, Time now);
  void modify_without_offer(Time now);
  // Any other request in the dialog; `answered` is told how it ended.
  void send(const std::string& method, Time now, const std::string& lines = {}, const std::string& body = {},
            const std::string& type = {}, const Edit& edit = {});
  // Whether a request is for this call; and does what it asks for: ACK, BYE, CANCEL, re-INVITE, UPDATE. To others it
  // says 200.
  bool takes(std::string_view request) const;
  void handle(std::string_view request, Time now);

  // ---- how it stands
  std::string opening;        // the INVITE that set it up, as it was sent (the last time) or came
  int status = 0;             // of the INVITE: the last that came, or the final one that was sent; 408: none came
  std::string phrase;         // the reason phrase of a final response that came
  std::vector<int> progress;  // provisional responses, in order
  std::string heard, said;    // the last session descriptions
  bool caller = false, challenged = false, early_media = false;
  bool up = false, over = false;
  bool acked = false;                     // an ACK of our 2xx came
  int modified = 0;                       // status of the last re-INVITE or UPDATE of ours; 0: none yet
  std::string bye_reason, cancel_reason;  // Reason headers that came

  // ---- what is special about it
  Edit words;  // of its answers, and of any message of it with a session description but an offer in a request
  // The ACK of a 2xx waits until acknowledge() is called.
  bool acknowledges_late = false;
  void acknowledge();
  // Final responses to what send() and hang_up() sent; 0: none came.
  std::function<void(const std::string& method, int status, Time now)> answered;

 private:
  std::string describe(const std::string& direction = "sendrecv", std::string_view offer = {});
  std::string answer_to(std::string_view offer);
  void send_invite(Time now);
  void on_set_up(std::string_view response, Time now);
  void on_progress(std::string_view response, Time now);
  void on_modified(std::string_view response, Time now);
  void modify_by(const std::string& method, const std::string& offer, Time now);
  void confirm(std::string_view response);
  // A callback that does nothing once the call is no more.
  template <class Then>
  auto while_alive(Then then) {
    return [alive = std::weak_ptr<char>(alive_), then = std::move(then)](auto... what) {
      if (!alive.expired()) then(what...);
    };
  }

  Agent& agent_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
  Edit edit_;
  std::string uri_;                            // that was dialled
  bool pending_ = false;                       // a call that came in has no final response
  std::map<std::uint32_t, std::string> acks_;  // of each 2xx, by CSeq
  std::uint32_t waiting_ = 0;                  // the CSeq of an ACK that waits
  std::string rseq_heard_;
  unsigned version_ = 0, rseq_said_ = 0;
};

}  // namespace roamdesk::phone
