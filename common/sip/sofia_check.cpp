#include "common/sip/sofia_check.hpp"

#include <sofia-sip/msg.h>
#include <sofia-sip/msg_header.h>
#include <sofia-sip/msg_mclass.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>

#include <memory>

namespace roamdesk::sip {
namespace {

struct Destroy {
  void operator()(msg_t* msg) const { msg_destroy(msg); }
};
using Msg = std::unique_ptr<msg_t, Destroy>;

}  // namespace

std::string sofia_objection(std::string_view head) {
  const Msg msg{msg_make(sip_default_mclass(), 0, head.data(), static_cast<issize_t>(head.size()))};
  if (!msg) return "unreadable";
  const sip_t* sip = sip_object(msg.get());
  if (!sip || !sip->sip_request) return "unreadable start line";
  // Headers that routing doesn't need may be wrong (RFC 4475 §3.1.2.10 and others): the message is still good.
  if (!sip->sip_via || !sip->sip_from || !sip->sip_to || !sip->sip_call_id || !sip->sip_cseq)
    return "a header that routing needs is unreadable";
  return "";
}

}  // namespace roamdesk::sip
