#include "exchange/emergency/pidf_lo.hpp"

#include <gmock/gmock.h>

namespace roamdesk::emergency {
namespace {
using testing::HasSubstr;
using testing::Not;

Whereabouts room() {
  Whereabouts where;
  where.address.country = "DE";
  where.address.a1 = "BE", where.address.a3 = "Berlin", where.address.rd = "Unter den Linden", where.address.hno = "77";
  where.address.flr = "2", where.address.room = "2.07", where.address.seat = "HD0001";
  where.entity = "pres:HD0001@pbx.example.com";
  where.device = Mac::parse("001565000001");
  where.at = std::chrono::sys_days{std::chrono::year{2026} / 11 / 28} + std::chrono::hours{16} +
             std::chrono::minutes{5} + std::chrono::milliseconds{9};
  return where;
}

TEST(PidfLo, IsAPresenceDocumentWithOneCivicAddressOfTheDevice) {
  EXPECT_EQ(pidf_lo(room()), R"(<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"
    xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"
    xmlns:ca="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr" entity="pres:HD0001@pbx.example.com">
  <dm:device id="place">
      <gp:geopriv>
        <gp:location-info>
          <ca:civicAddress>
            <ca:country>DE</ca:country>
            <ca:A1>BE</ca:A1>
            <ca:A3>Berlin</ca:A3>
            <ca:RD>Unter den Linden</ca:RD>
            <ca:HNO>77</ca:HNO>
            <ca:FLR>2</ca:FLR>
            <ca:ROOM>2.07</ca:ROOM>
            <ca:SEAT>HD0001</ca:SEAT>
          </ca:civicAddress>
        </gp:location-info>
        <gp:usage-rules/>
        <gp:method>Manual</gp:method>
      </gp:geopriv>
    <dm:deviceID>mac:001565000001</dm:deviceID>
    <dm:timestamp>2026-11-28T16:05:00Z</dm:timestamp>
  </dm:device>
</presence>
)");
}

TEST(PidfLo, OfADeviceThatIsNotKnownStandsInATuple) {
  auto where = room();
  where.device.reset();
  const auto text = pidf_lo(where);
  EXPECT_THAT(text, HasSubstr("<tuple id=\"place\">\n    <status>\n      <gp:geopriv>"));
  EXPECT_THAT(text, HasSubstr("</status>\n    <timestamp>2026-11-28T16:05:00Z</timestamp>\n  </tuple>"));
  EXPECT_THAT(text, Not(HasSubstr("device>")));
}

TEST(PidfLo, HoldsWhateverTextAnAddressIs) {
  auto where = room();
  where.address.rd = "<Gate> & \"B\"\r\nX";
  where.address.loc = "bad \xff byte";
  where.entity = "pres:\"/><evil>@x";
  const auto text = pidf_lo(where);
  EXPECT_THAT(text, HasSubstr("<ca:RD>&lt;Gate&gt; &amp; &quot;B&quot;X</ca:RD>"));
  EXPECT_THAT(text, Not(HasSubstr("\xff")));
  EXPECT_THAT(text, Not(HasSubstr("<evil>")));
}

TEST(PidfLo, IsKnownToSayNothingOfAnEmptyAddress) {
  EXPECT_TRUE(is_empty({}));
  CivicAddress address;
  address.addcode = "1";
  EXPECT_FALSE(is_empty(address));
}

}  // namespace
}  // namespace roamdesk::emergency
