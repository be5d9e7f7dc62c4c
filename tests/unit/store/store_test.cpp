#include "pbx-core/store/store.hpp"

#include <gmock/gmock.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/stat.h>

#include <latch>

#include "fixture.hpp"
#include "pbx-core/store/migrations.hpp"

namespace roamdesk::test {
namespace {
using store::StoreFault;

class Store : public StoreTest {
 protected:
  void expect_refused(store::Store& store, Changes changes) {
    const auto result = commit(store, std::move(changes));
    ASSERT_TRUE(result.has_error());
    EXPECT_EQ(result.error(), StoreFault::constraint);
  }
  // Nothing in it is as a new one has it.
  static Trunk unusual_trunk() {
    Trunk t;
    t.name = "provider";
    t.enabled = false;
    t.kind = TrunkKind::address;
    t.site = SiteId{"branch-1"};
    t.preset = "example";
    t.domain = "sip.example.org", t.server = "proxy.example.org:5070", t.transport = sip::Transport::tls;
    t.user = "user", t.auth_user = "auth", t.contact_user = "contact", t.password = Secret{"it's secret"};
    t.expires = std::chrono::seconds{300};
    t.tls_name = "name", t.tls_authority = "-----BEGIN", t.sources = {"192.0.2.1", "192.0.2.0/24"};
    t.trusted = true;
    t.country = "DE", t.area_code = "30", t.called = NumberForm::national, t.caller = NumberForm::double_zero;
    t.shown = IdentityHeader::p_preferred, t.from_is_account = true, t.any_caller = true;
    t.main_number = "+4930123456", t.forwarded = ForwardedBy::diversion;
    t.called_in = {CalledIn::p_called_party_id};
    t.srtp = Srtp::optional, t.calls = 10, t.calls_reserved_in = 2, t.calls_per_hour = 100, t.minutes_per_hour = 500;
    t.countries = {"AT"};
    t.ping = std::chrono::seconds{0}, t.late_offers = true, t.reliable = true, t.geolocation = true;
    return t;
  }
  static Location unusual_location() {
    Location l;
    l.name = "hq-2";
    l.address.country = "DE", l.address.a3 = "Köln", l.address.rd = "Domplatz", l.address.hno = "1";
    l.address.flr = "2", l.address.room = "2.07", l.address.addcode = "\"<&>\"";
    l.note = "ring at gate B";
    l.trunks = {"b", "a"}, l.callbacks = {"+4922155500", "+4922155501"};
    l.numbers = {"19222"}, l.test_numbers = {"933"};
    l.told = {ExtensionNumber{"101"}, ExtensionNumber{"102"}}, l.mails = {"guard@example.org"};
    l.web_hook = "https://example.org/alarm", l.callback_window = std::chrono::minutes{90};
    l.references = {{"a", "G-1._~+z", ""}, {"b", "", "F-1"}};
    return l;
  }
};

TEST_F(Store, GivesBackEveryRecordAsItWasPut) {
  Extension ext = extension("101");
  ext.name = "Ünal \"Bob\"; DROP TABLE";
  ext.keys = {{KeyType::blf, "102", "Bob"},
              {KeyType::speed_dial, "0035722", ""},
              {KeyType::night_switch, "*28", ""},
              {KeyType::dnd, "", "Quiet"}};
  Sbc sbc{"branch-1", "Europe/Berlin", "0a1b", "", at(5)};
  sbc.emergency_location = "hq-2";
  HotDesk d = desk("HD0001", "001565aabbcc");
  d.site = SiteId{"branch-1"};
  d.sbc_address = parse_ipv4("192.168.1.5");
  d.options.language = "de";
  d.options.name = "Window";
  d.emergency_location = "hq-2";
  d.options.codecs = {"PCMA", "G722"};
  d.options.srtp = Srtp::required;
  sbc.srtp = Srtp::off;
  const Session s = session("s1", "HD0001", "101");
  ext.outside_number = "+4930123456101";
  ext.hide_number = true;
  ext.may_call = {NumberClass::international, NumberClass::premium};
  const Trunk trunk = unusual_trunk();
  Trunk upstream = trunk;
  upstream.name = "z-old-pbx";
  upstream.kind = TrunkKind::accounts;
  const Location location = unusual_location();
  const EmergencyCallback callback{
      "+4922155500",
      "provider",
      "hq-2",
      HotDeskId{"HD0001"},
      mac("001565aabbcc"),
      "<sip:HD0001@10.0.0.9:5060>",
      {SiteId{"branch-1"}, sip::Transport::udp, *parse_endpoint("192.168.1.5:5060"), *parse_endpoint("10.0.0.9:5060")},
      at(8),
      at(9)};
  const OutboundRule rule{
      "abroad",          7, false, "+", {local_site(), SiteId{"branch-1"}}, {NumberClass::international}, {"b", "a"},
      TrunkOrder::share, 2, "010"};
  const InboundNumber one{"+4930123456101", "+4930123456101", ExtensionNumber{"101"}},
      range{"+493099900", "+493099999", {}, 3};
  const UpstreamAccount account{"101", "old-pbx", false, "1010", "auth-101", Secret{"pass"}, AccountRegisters::always};
  Phone dedicated{mac("001565000001"),
                  phones::Vendor::snom,
                  "D785",
                  "10.1",
                  "10.0.0.1:5060",
                  local_site(),
                  at(1),
                  at(2),
                  true,
                  ExtensionNumber{"101"},
                  Credentials{"p1", Secret{"x"}},
                  "token",
                  at(3),
                  true};
  dedicated.window_taken = true;
  dedicated.token_key = Secret{"key"};
  dedicated.tokens_since = at(4);
  dedicated.first_token = "token of before";
  dedicated.web_password = Secret{"Web2password"};
  dedicated.emergency_location = "hq-2";
  Phone seen{
      mac("001565000002"), {}, "", "", "10.0.0.2:5060", SiteId{"branch-1"}, at(1), at(2), false, {}, {}, "", {}, false};
  const User user{"admin", "scrypt$x", Role::administrator, true, User::SecondFactor{"sealed", 56666666, {"a", "b"}}};
  const ApiToken token{"t1", "CI", "admin", std::string(64, 'a'), Role::reader, at(9)};
  Settings settings;
  settings.automatic_logout = "18:30";
  settings.max_session = std::chrono::hours{10};
  settings.move_when_already_logged_in = false;
  settings.emergency_numbers = {"112"};
  settings.local_emergency_location = "hq-2";
  settings.emergency_location = "hq-3";
  settings.audit_days = 30;
  settings.srtp = Srtp::required;
  dedicated.srtp = Srtp::optional;
  const PutPinFailures failures{ext.number,
                                {{HotDeskId{"HD0001"}, {at(4), at(5)}, at(900)}, {std::nullopt, {at(6)}, {}}}};
  const StoredBinding binding{
      mac("001565aabbcc"),
      "101",
      "user-s1",
      "<sip:HD0001@10.0.0.9:5060>",
      {SiteId{"branch-1"}, sip::Transport::tcp, *parse_endpoint("192.168.1.5:5060"), *parse_endpoint("10.0.0.9:40000")},
      "call-id",
      4294967295u,
      "Yealink",
      at(7)};
  {
    store::Store store(options());
    ASSERT_TRUE(commit(store, {PutExtension{ext}, PutSbc{sbc}, PutDesk{d}, StartSession{s}, PutPhone{dedicated},
                               PutPhone{seen}, PutUser{user}, PutToken{token}, PutSettings{settings}, failures,
                               Put<Trunk>{trunk}, Put<Trunk>{upstream}, Put<OutboundRule>{rule},
                               Put<InboundNumber>{one}, Put<InboundNumber>{range}, Put<Location>{location},
                               Put<EmergencyCallback>{callback}, Put<UpstreamAccount>{account}})
                    .has_value());
    store.put_bindings_behind({binding});
  }
  store::Store store(options());
  const store::Snapshot all = store.load();
  EXPECT_THAT(all.extensions, testing::ElementsAre(ext));
  EXPECT_THAT(all.of<Sbc>(), testing::ElementsAre(sbc));
  EXPECT_THAT(all.of<Trunk>(), testing::ElementsAre(trunk, upstream));
  EXPECT_THAT(all.of<OutboundRule>(), testing::ElementsAre(rule));
  EXPECT_THAT(all.of<InboundNumber>(), testing::ElementsAre(one, range));
  EXPECT_THAT(all.of<Location>(), testing::ElementsAre(location));
  EXPECT_THAT(all.of<EmergencyCallback>(), testing::ElementsAre(callback));
  EXPECT_THAT(all.of<UpstreamAccount>(), testing::ElementsAre(account));
  EXPECT_THAT(all.desks, testing::ElementsAre(d));
  EXPECT_THAT(all.sessions, testing::ElementsAre(s));
  EXPECT_THAT(all.phones, testing::ElementsAre(dedicated, seen));
  EXPECT_THAT(all.users, testing::ElementsAre(user));
  EXPECT_THAT(all.tokens, testing::ElementsAre(token));
  EXPECT_THAT(all.bindings, testing::ElementsAre(binding));
  EXPECT_EQ(all.settings, settings);
  EXPECT_THAT(all.pin_failures, testing::ElementsAre(failures));
  EXPECT_EQ(all.highest_desk_number, 1u);
}

TEST_F(Store, ForgetsWrongPinsWithTheirExtensionOrWhenNothingCounts) {
  store::Store store(options());
  const ExtensionNumber one{"101"}, two{"102"};
  const std::vector<PinFailures> counts{{std::nullopt, {at(6)}, {}}};
  ASSERT_TRUE(commit(store, {PutExtension{extension("101")}, PutPinFailures{one, counts}, PutPinFailures{two, counts}})
                  .has_value());
  ASSERT_TRUE(commit(store, {PutPinFailures{two, {}}, DeleteExtension{one}}).has_value());
  EXPECT_TRUE(store.load().pin_failures.empty());
}

TEST_F(Store, StartsEmptyAndPrivate) {
  store::Store store(options());
  const store::Snapshot all = store.load();
  EXPECT_TRUE(all.extensions.empty());
  EXPECT_FALSE(all.settings.has_value());
  for (const auto& file : std::filesystem::directory_iterator(directory_.path())) {
    struct stat about {};
    ASSERT_EQ(::stat(file.path().c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0600u) << file.path();
  }
}

TEST_F(Store, EndsASessionIntoOldCredentialsAndForgetsThem) {
  store::Store store(options());
  ASSERT_TRUE(commit(store, {PutExtension{extension("101")}, PutDesk{desk("HD0001", "001565aabbcc")},
                             StartSession{session("s1", "HD0001", "101")}})
                  .has_value());
  ASSERT_TRUE(
      commit(store, {EndSession{SessionId{"s1"}, at(2000)}, EndSession{SessionId{"s1"}, at(3000)}}).has_value());
  store::Snapshot all = store.load();
  EXPECT_TRUE(all.sessions.empty());
  const OldCredentials old{HotDeskId{"HD0001"}, ExtensionNumber{"101"}, {"user-s1", Secret{"password"}}, at(2000)};
  EXPECT_THAT(all.old_credentials, testing::ElementsAre(old));
  // The extension may go while the phone still holds its credentials.
  ASSERT_TRUE(commit(store, {DeleteExtension{ExtensionNumber{"101"}}}).has_value());
  EXPECT_EQ(store.load().old_credentials.size(), 1u);
  ASSERT_TRUE(commit(store, {ForgetOldCredentials{HotDeskId{"HD0001"}, "somebody else"}}).has_value());
  EXPECT_EQ(store.load().old_credentials.size(), 1u);
  ASSERT_TRUE(commit(store, {ForgetOldCredentials{HotDeskId{"HD0001"}, ""}}).has_value());
  EXPECT_TRUE(store.load().old_credentials.empty());
}

TEST_F(Store, KeepsIdleCredentialsThatWereReplacedAsOldOnes) {
  store::Store store(options());
  const HotDesk before = desk("HD0001", "001565aabbcc");
  ASSERT_TRUE(commit(store, {PutDesk{before}}).has_value());
  const Credentials fresh{"fresh", Secret{"drawn"}};
  ASSERT_TRUE(commit(store, {RenewIdle{before.id, fresh, at(3000)}}).has_value());
  // A change of the desk that was made before it doesn't bring them back, and a desk that is gone is no fault.
  ASSERT_TRUE(commit(store, {PutDesk{before}, RenewIdle{HotDeskId{"HD0099"}, {"x", Secret{"y"}}, at(1)}}).has_value());
  const auto all = store.load();
  ASSERT_EQ(all.desks.size(), 1u);
  EXPECT_EQ(all.desks[0].idle, fresh);
  EXPECT_THAT(all.old_credentials, testing::ElementsAre(OldCredentials{before.id, {}, before.idle, at(3000)}));
}

TEST_F(Store, RefusesImpossibleStates) {
  store::Store store(options());
  ASSERT_TRUE(commit(store, {PutExtension{extension("101")}, PutExtension{extension("102")},
                             PutDesk{desk("HD0001", "001565aabbcc")}, PutDesk{desk("HD0002", "001565aabbcd")},
                             StartSession{session("s1", "HD0001", "101")}})
                  .has_value());
  expect_refused(store, {StartSession{session("s2", "HD0001", "102")}});  // two at one desk
  expect_refused(store, {StartSession{session("s2", "HD0002", "101")}});  // one at two desks
  expect_refused(store, {StartSession{session("s2", "HD0009", "102")}});  // no such desk
  expect_refused(store, {StartSession{session("s2", "HD0002", "999")}});  // no such extension
  expect_refused(store, {DeleteExtension{ExtensionNumber{"101"}}});       // a person is logged in as it
  expect_refused(store, {DeleteDesk{HotDeskId{"HD0001"}}});               // a person is logged in there
  expect_refused(store, {PutDesk{desk("HD0003", "001565aabbcc")}});       // two desks, one phone
  HotDesk elsewhere = desk("HD0003", "001565aabbce");
  elsewhere.site = SiteId{"nowhere"};
  expect_refused(store, {PutDesk{elsewhere}});  // a site that doesn't exist
  Extension clear = extension("103");
  clear.pin_hash = "4711";
  expect_refused(store, {PutExtension{clear}});  // a PIN in the clear
  expect_refused(store, {PutExtension{extension("10a")}});
  expect_refused(store, {PutUser{{"eve", "scrypt$x", static_cast<Role>(7)}}});
  expect_refused(store, {PutToken{{"t", "n", "nobody", std::string(64, 'a'), Role::reader, {}}}});
  // Move, in one vector: the old session ends first.
  EXPECT_TRUE(
      commit(store, {EndSession{SessionId{"s1"}, at(1)}, StartSession{session("s2", "HD0002", "101")}}).has_value());
}

TEST_F(Store, KeepsNothingOfAVectorThatFails) {
  store::Store store(options());
  expect_refused(store, {PutExtension{extension("101")}, StartSession{session("s1", "HD0001", "101")}});
  EXPECT_TRUE(store.load().extensions.empty());
}

TEST_F(Store, NeverForgetsTheHighestDeskNumber) {
  store::Store store(options());
  ASSERT_TRUE(commit(store, {PutDesk{desk("HD0007", "001565aabbcc")}}).has_value());
  ASSERT_TRUE(commit(store, {DeleteDesk{HotDeskId{"HD0007"}}, PutDesk{desk("HD0002", "001565aabbcc")}}).has_value());
  EXPECT_EQ(store.load().highest_desk_number, 7u);
}

TEST_F(Store, SharesOneTransactionAmongCommitsThatWait) {
  store::Store store(options());
  std::latch hold(1);
  store.commit({}, [&](auto) { hold.wait(); });  // keeps the store thread busy
  std::vector<int> order;
  std::promise<void> last;
  StoreFault fault{};
  for (int i = 0; i < 100; ++i) {
    Changes changes = {PutExtension{extension(std::to_string(100 + i))}};
    if (i == 50) changes.push_back(StartSession{session("s", "HD0001", "150")});
    store.commit(changes, [&, i](Result<void, StoreFault> r) {
      if (r.has_error()) fault = r.error();
      if (r.has_value()) order.push_back(i);
      if (i == 99) last.set_value();
    });
  }
  const auto before = store.transactions();
  hold.count_down();
  last.get_future().get();
  EXPECT_LE(store.transactions() - before, 2u);  // the first one's own, and one for the hundred
  EXPECT_EQ(order.size(), 99u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  EXPECT_EQ(fault, StoreFault::constraint);
  EXPECT_EQ(store.load().extensions.size(), 99u);  // 150 alone is missing
}

TEST_F(Store, WritesBindingsBehindTheLastWordWins) {
  StoredBinding b{
      mac("001565aabbcc"), "101", "u", "<sip:x>", {local_site(), sip::Transport::udp, {}, {}}, "c", 1, "ua", at(1)};
  {
    store::Store::Options slow = options();
    slow.write_behind = std::chrono::hours{1};
    store::Store store(slow);
    store.put_bindings_behind({b});
    b.cseq = 2;
    store.put_bindings_behind({b});
    EXPECT_TRUE(store.load().bindings.empty());  // no caller has waited for it
    EXPECT_TRUE(commit(store, {PutExtension{extension("101")}}).has_value());
    EXPECT_THAT(store.load().bindings, testing::ElementsAre(b));  // it rode along
    store.delete_bindings_behind({{b.mac, "101"}});
    EXPECT_EQ(store.load().bindings.size(), 1u);
  }
  store::Store store(options());
  EXPECT_TRUE(store.load().bindings.empty());  // the close has written it
}

TEST_F(Store, WritesDialogsBehindTheLastWordWins) {
  const sip::FlowAddress flow{SiteId{"branch-1"}, sip::Transport::tls, *parse_endpoint("192.168.1.5:5061"),
                              *parse_endpoint("10.0.0.9:40000")};
  StoredDialog up{"tag-1", mac("001565aabbcc"), flow, "BYE sip:a SIP/2.0\r\n\r\n"};
  const StoredDialog stranger{"tag-2", std::nullopt, flow, "BYE sip:'; -- SIP/2.0\r\n\r\n"};
  const StoredDialog over{"tag-3", std::nullopt, flow, "BYE"};
  {
    store::Store store(options());
    store.put_dialog_behind(over);
    store.put_dialog_behind(up);
    store.put_dialog_behind(stranger);
    store.delete_dialog_behind("tag-3");
    up.bye = "BYE sip:b SIP/2.0\r\n\r\n";
    store.put_dialog_behind(up);
  }
  store::Store store(options());
  EXPECT_THAT(store.load().dialogs, testing::ElementsAre(up, stranger));
}

TEST_F(Store, WritesBindingsWhenNobodyCommits) {
  store::Store store(options());
  const StoredBinding b{
      mac("001565aabbcc"), "101", "u", "<sip:x>", {local_site(), sip::Transport::udp, {}, {}}, "c", 1, "ua", at(1)};
  store.put_bindings_behind({b});
  while (store.transactions() == 0) std::this_thread::yield();
  EXPECT_EQ(store.load().bindings.size(), 1u);
}

}  // namespace
}  // namespace roamdesk::test
