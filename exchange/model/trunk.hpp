#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/ids.hpp"
#include "common/base/secret.hpp"
#include "common/base/srtp.hpp"
#include "common/base/words.hpp"
#include "common/sip/flow.hpp"
#include "exchange/model/describe.hpp"

// A SIP trunk: a provider's account, or another exchange that is known by its address.
namespace roamdesk {

// How it knows us: by one account at which we register, by our address, or by an account of each extension that has one
// there (upstream_account.hpp): then it is an upstream, the exchange that a company has already.
enum class TrunkKind : std::uint8_t { registration, address, accounts };
template <>
inline constexpr std::array<std::string_view, 3> words<TrunkKind> = {"registration", "address", "accounts"};

// How a number is written in a message: +493012345, 00493012345, 493012345, 03012345, or the digits that were dialled
// (for a caller's number: as `plus`).
enum class NumberForm : std::uint8_t { plus, double_zero, bare, national, as_dialled };
template <>
inline constexpr std::array<std::string_view, 5> words<NumberForm> = {"plus", "double_zero", "bare", "national",
                                                                      "as_dialled"};

// Which header says who calls, beside From: P-Asserted-Identity, P-Preferred-Identity (RFC 3325), Remote-Party-ID.
enum class IdentityHeader : std::uint8_t { none, p_asserted, p_preferred, remote_party_id };
template <>
inline constexpr std::array<std::string_view, 4> words<IdentityHeader> = {"none", "p_asserted", "p_preferred",
                                                                          "remote_party_id"};

// How a call that was sent on says by whom: not at all, Diversion (RFC 5806), History-Info (RFC 7044), or with the
// forwarder's number in the caller's place.
enum class ForwardedBy : std::uint8_t { none, diversion, history_info, replace_caller };
template <>
inline constexpr std::array<std::string_view, 4> words<ForwardedBy> = {"none", "diversion", "history_info",
                                                                       "replace_caller"};

// Where the called number of a call from the trunk can stand.
enum class CalledIn : std::uint8_t { request_uri, to, p_called_party_id, diversion };
template <>
inline constexpr std::array<std::string_view, 4> words<CalledIn> = {"request_uri", "to", "p_called_party_id",
                                                                    "diversion"};

struct Trunk {
  // [a-z0-9-], 1 to 40 characters; the key.
  std::string name;
  bool enabled = true;
  TrunkKind kind = TrunkKind::registration;
  // `local`, or the SBC's at whose site it stands.
  SiteId site = local_site();
  // The preset that it was made from, for the console; "" for none.
  std::string preset{};

  // Host of From, To and Request-URI; needn't resolve.
  std::string domain{};
  // Registrar or outbound proxy, "host" or "host:port"; "" for `domain`. Found as RFC 3263 says.
  std::string server{};
  // nullopt: as NAPTR and SRV say, else UDP.
  std::optional<sip::Transport> transport{};
  // The account. `auth_user` "" is `user`; `contact_user` "" is a token of ours.
  std::string user{}, auth_user{}, contact_user{};
  Secret password{};
  // Of the registration, as asked for; 60 s to 1 day.
  std::chrono::seconds expires{600};
  // Whose name the certificate has to have, "" for `domain`; who has to have signed it (PEM), "" for whom the system
  // trusts.
  std::string tls_name{}, tls_authority{};
  // Keys travel by TLS alone: over UDP and TCP `optional` is `off`, and `required` refuses every call.
  Srtp srtp = Srtp::off;
  // Addresses beside the server's from which its calls come: "192.0.2.1" or "192.0.2.0/24".
  std::vector<std::string> sources{};
  // Whether its P-Asserted-Identity and the like are believed.
  bool trusted = false;

  // How numbers without + are read: ISO 3166 ("DE"), and the area code without its 0 ("30"), "" where numbers are never
  // dialled without it.
  std::string country{}, area_code{};
  // How it wants numbers written.
  NumberForm called = NumberForm::plus, caller = NumberForm::plus;
  IdentityHeader shown = IdentityHeader::none;
  // From is `user`, whoever calls; the caller's number then stands in `shown` alone.
  bool from_is_account = false;
  // It takes numbers that aren't its own as the caller's (CLIP no screening): those of outside callers that are sent
  // on.
  bool any_caller = false;
  // E.164; what persons without a number of their own show. "" for none.
  std::string main_number{};
  ForwardedBy forwarded = ForwardedBy::none;
  // In this order; the first in which a number of ours stands.
  std::vector<CalledIn> called_in{CalledIn::request_uri, CalledIn::to};

  // Calls at once, 0 for any number; how many of them only calls from outside may use.
  unsigned calls = 0, calls_reserved_in = 0;
  // Calls out and minutes of them within an hour, 0 for any number; countries (ISO 3166) that may be called beside its
  // own, empty for all.
  unsigned calls_per_hour = 0, minutes_per_hour = 0;
  std::vector<std::string> countries{};

  // Between two OPTIONS that ask whether a server is there; 0 for none.
  std::chrono::seconds ping{60};
  // It takes re-INVITEs without an offer (RFC 3261 §14.1), and wants 100rel (RFC 3262).
  bool late_offers = false, reliable = false;
  // It takes a caller's location in an emergency call (RFC 6442: PIDF-LO by value).
  bool geolocation = false;
  friend bool operator==(const Trunk&, const Trunk&) = default;
};

template <>
inline constexpr Table table<Trunk>{"trunks", "name", "name"};
template <>
inline constexpr auto key_of<Trunk> = &Trunk::name;

template <class V, Is<Trunk> R>
void fields(V& v, R& t) {
  v("name", t.name), v("enabled", t.enabled), v("kind", t.kind), v("site", t.site), v("preset", t.preset);
  v("domain", t.domain), v("server", t.server), v("transport", t.transport);
  v(Field("account").shown_as("user"), t.user), v("auth_user", t.auth_user), v("contact_user", t.contact_user);
  v("password", t.password), v(Field("expires").shown_as("expires_s"), t.expires);
  v("tls_name", t.tls_name), v("tls_authority", t.tls_authority), v("sources", t.sources), v("trusted", t.trusted);
  v("country", t.country), v("area_code", t.area_code), v("called", t.called), v("caller", t.caller);
  v("shown", t.shown), v("from_is_account", t.from_is_account), v("any_caller", t.any_caller);
  v("main_number", t.main_number), v("forwarded", t.forwarded), v("called_in", t.called_in);
  v("calls", t.calls), v("calls_reserved_in", t.calls_reserved_in), v("calls_per_hour", t.calls_per_hour);
  v("minutes_per_hour", t.minutes_per_hour), v("countries", t.countries);
  v(Field("ping").shown_as("ping_s"), t.ping), v("late_offers", t.late_offers), v("reliable", t.reliable);
  v("geolocation", t.geolocation), v("srtp", t.srtp);
}

}  // namespace roamdesk
