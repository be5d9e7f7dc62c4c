#include <charconv>

#include "exchange/trace/conceal.hpp"
#include "exchange/trace/pcap.hpp"
#include "exchange/trace/redact.hpp"
#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"

// The SIP of a call, to be read and to be looked at with wireshark.
namespace roamdesk::api {
namespace {
namespace json = boost::json;

constexpr const char* core = "core";

// SIP allows any bytes in a body, JSON only UTF-8: what isn't printable ASCII is shown as a question mark unless it
// can be part of a UTF-8 sequence that is whole.
std::string text_of(const std::string& bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    const std::size_t size = lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : 0;
    bool whole = size > 0 && i + size <= bytes.size();
    for (std::size_t k = 1; whole && k < size; ++k) whole = (static_cast<unsigned char>(bytes[i + k]) & 0xc0) == 0x80;
    if (whole && lead == 0xe0) whole = static_cast<unsigned char>(bytes[i + 1]) >= 0xa0;
    if (whole && lead == 0xed) whole = static_cast<unsigned char>(bytes[i + 1]) < 0xa0;
    if (whole) out.append(bytes, i, size);
    if (!whole) out += '?';
    i += whole ? size : 1;
  }
  return out;
}

json::object object_of(const trace::Message& m) {
  const std::string text = text_of(m.text), party = "d" + std::to_string(m.party + 1);
  json::object object{{"at", to_rfc3339(m.at)}, {"from", m.received ? party : core}, {"to", m.received ? core : party}};
  const std::string line = text.substr(0, text.find_first_of("\r\n"));
  const bool with_sdp = trace::header_of(text, "Content-Type", "c").starts_with("application/sdp");
  std::string summary;
  if (line.starts_with("SIP/2.0 ")) {
    int status = 0;
    if (line.size() >= 11) std::from_chars(line.data() + 8, line.data() + 11, status);
    const std::string reason = line.size() > 12 ? line.substr(12) : "";
    const auto cseq = trace::header_of(text, "CSeq", "");
    object["kind"] = "response";
    object["method"] = cseq.substr(cseq.rfind(' ') + 1);
    object["status"] = status;
    object["reason"] = reason;
    summary = std::to_string(status) + " " + reason;
  } else {
    object["kind"] = "request";
    object["method"] = line.substr(0, line.find(' '));
    object["status"] = nullptr;
    object["reason"] = nullptr;
    summary = line.substr(0, line.find(' '));
  }
  object["summary"] = summary + (with_sdp ? " (SDP)" : "");
  object["text"] = text;
  return object;
}

void with_trace(Service& service, const CallPtr& call, std::function<void(const Domain::CallTrace&)> then) {
  service.read([id = call->parameters[0]](const Domain& domain) { return domain.call_trace(id); },
               [call, then = std::move(then)](std::optional<Domain::CallTrace> trace) {
                 if (!trace)
                   return call->fail({404, "There is no such call, or it ended too long ago for its messages", "id"});
                 // What names a dialog is good for acting in it: only administrators read it.
                 if (call->who.role != Role::administrator) trace->sip = trace::conceal(std::move(trace->sip));
                 then(*trace);
               });
}

}  // namespace

void show_ladder(Service& service, const CallPtr& call) {
  with_trace(service, call, [call](const Domain::CallTrace& trace) {
    json::array parties, messages;
    const auto party = [](std::size_t at, const trace::Party& p) {
      return json::object{{"id", "d" + std::to_string(at + 1)}, {"label", text_of(p.label)}, {"site", p.site.value()}};
    };
    // The caller, the core in the middle, then the phones that rang.
    const auto& all = trace.sip.parties;
    if (!all.empty()) parties.push_back(party(0, all[0]));
    parties.push_back(json::object{{"id", core}, {"label", "Roamdesk"}, {"site", ""}});
    for (std::size_t i = 1; i < all.size(); ++i) parties.push_back(party(i, all[i]));
    for (const auto& message : trace.sip.messages) messages.push_back(object_of(message));
    call->answer(200, json::object{{"id", call->parameters[0]},
                                   {"state", word_of(trace.state)},
                                   {"parties", parties},
                                   {"messages", messages},
                                   {"dropped", trace.sip.dropped}});
  });
}

void show_pcap(Service& service, const CallPtr& call) {
  with_trace(service, call, [call](const Domain::CallTrace& trace) {
    http::Response response;
    response.fields = {{"Content-Type", "application/vnd.tcpdump.pcap"},
                       {"Content-Disposition", "attachment; filename=\"call.pcap\""}};
    response.body = trace::to_pcap(trace.sip);
    call->respond(std::move(response));
  });
}

}  // namespace roamdesk::api
