#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/sip/message.hpp"

namespace roamdesk::sip {

// A dialog as one of its ends has it (RFC 3261 §12): what identifies it, where it leads, and how far both ends have
// counted. All requests that this project makes up take their heads from here; a request outside of any dialog is the
// first one of a dialog that hasn't been answered yet.
//
// Contact, and all that a method adds, are written by the code that makes the request.
struct Dialog {
  std::string call_id;
  // The tags of our end and of the other one; the latter is empty while it hasn't answered, or if it is of RFC 2543.
  std::string local_tag, remote_tag;
  NameAddr local, remote;        // both ends, with their tags: our From, and our To
  Uri target;                    // the other end's Contact, as it came
  std::vector<NameAddr> routes;  // in the order of our Route headers
  std::uint32_t local_cseq = 0;  // of our last request
  // Of the other end's last request; nullopt before its first one.
  std::optional<std::uint32_t> remote_cseq;

  // The dialog that an answer of ours with this tag makes of a request (§12.1.1). A request without a Contact leaves
  // the target as it is by default.
  static Dialog answering(const Message& request, std::string local_tag);
  // A dialog that a request of ours is about to begin. `local` gets the tag.
  static Dialog beginning(std::string call_id, std::string local_tag, NameAddr local, NameAddr remote, Uri target);

  // Gives our end another name: what was said under the old one belongs to another dialog of the same request.
  void set_local_tag(std::string tag);

  // Our next request (§12.2.1.1). The transaction layer adds Via, and Max-Forwards.
  Message make_request(std::string_view method);
  // One that doesn't count: the caller knows its number.
  Message make_request(std::string_view method, std::uint32_t cseq) const;
  // The ACK for a 2xx to our INVITE that had this CSeq number (§13.2.2.4).
  Message make_ack(std::uint32_t cseq) const;
  // Our answer to a request of the other end. `reason`: "" for the RFC's phrase.
  Message make_answer(const Message& request, int status, std::string_view reason = {}) const;

  // Takes tag, routes and target from the response that makes the dialog (§12.1.2).
  void take(const Message& response);
  // Every request that may move the target, and every 2xx to one of ours, names it again (§12.2).
  void refresh_target(const Message& message);
};

}  // namespace roamdesk::sip
