#include "common/sip/multipart.hpp"

#include <gtest/gtest.h>

namespace roamdesk::sip::bodies {
namespace {

constexpr auto wanted = "application/sdp";
const std::string sdp = "v=0\r\nm=audio 4000 RTP/AVP 0";
const std::string location = "Content-Type: application/pidf+xml\r\nContent-ID: <here@example.test>\r\n\r\n<presence/>";

std::string part(const std::string& text, const std::string& boundary = "b1") {
  return "--" + boundary + "\r\n" + text + "\r\n";
}
std::string part_with_sdp(const std::string& fields = "Content-Type: application/sdp\r\n") {
  return part(fields + "\r\n" + sdp);
}
std::optional<std::string> found(const std::string& body, const std::string& type = "multipart/mixed;boundary=b1") {
  const auto result = find_body(type, body, wanted);
  return result ? std::optional{std::string{*result}} : std::nullopt;
}

TEST(Bodies, AreFoundWhereThereIsOnlyOne) {
  for (const auto* type :
       {"application/sdp", "Application/SDP", "application/sdp;charset=utf-8", " application / sdp "})
    EXPECT_EQ(found(sdp, type), sdp) << type;
  for (const auto* type : {"", "text/plain", "application/sdpx", "sdp", "multipart/mixed"})
    EXPECT_EQ(found(sdp, type), std::nullopt) << type;
}

TEST(Bodies, AreFoundBesideALocation) {
  EXPECT_EQ(found(part_with_sdp() + part(location) + "--b1--\r\n"), sdp);
  EXPECT_EQ(found(part(location) + part_with_sdp() + "--b1--"), sdp);
  EXPECT_EQ(found(part(location) + "--b1--"), std::nullopt);
}

TEST(Bodies, AreFoundWhateverTheBoundarysSpelling) {
  const auto body = "--b 1\r\nContent-Type: application/sdp\r\n\r\n" + sdp + "\r\n--b 1--\r\n";
  EXPECT_EQ(found(body, "multipart/mixed; boundary=\"b 1\""), sdp);
  EXPECT_EQ(found(body, "Multipart/Related; type=\"application/sdp;x\"; BOUNDARY = \"b\\ 1\"; start=x"), sdp);
  EXPECT_EQ(found(body, "multipart/mixed; boundary=\"b\""), std::nullopt);
  EXPECT_EQ(found(body, "multipart/mixed; boundary="), std::nullopt);
  EXPECT_EQ(found(body, "multipart/mixed; boundary=" + std::string(71, 'b')), std::nullopt);
}

TEST(Bodies, AreFoundBetweenPreambleAndEpilogue) {
  EXPECT_EQ(found("This has parts.\r\n--b1x\r\n" + part_with_sdp() + "--b1--  \r\n" + part_with_sdp() + "end"), sdp);
}

TEST(Bodies, AreFoundWhereTheLastDelimiterIsMissing) {
  EXPECT_EQ(found("--b1\r\nContent-Type: application/sdp\r\n\r\n" + sdp), sdp);
}

TEST(Bodies, AreFoundWithLineFeedsAlone) {
  EXPECT_EQ(found("--b1\nContent-Type: application/sdp\n\nv=0\nm=x\n--b1--\n"), "v=0\nm=x");
}

TEST(Bodies, AreFoundWhateverTheirPartsFields) {
  for (const auto* fields :
       {"content-type:application/sdp\r\n", "CONTENT-TYPE :\tApplication/SDP ; x=y\r\n",
        "Content-Length: 9\r\nContent-Type:\r\n application/sdp\r\nContent-Disposition: "
        "session;\r\n\thandling=optional\r\n",
        "Content-Type: application/sdp\r\nContent-Transfer-Encoding: 8BIT\r\nContent-Disposition: Session\r\n",
        "nonsense\r\nc: application/sdp\r\n"})
    EXPECT_EQ(found(part_with_sdp(fields) + "--b1--"), sdp) << fields;
}

TEST(Bodies, ThatAreMeantForSomethingElseAreLeftAlone) {
  for (const auto* field : {"Content-Disposition: early-session", "Content-Disposition: render;handling=optional",
                            "Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: quoted-printable"}) {
    const auto other = part("Content-Type: application/sdp\r\n" + std::string{field} + "\r\n\r\nv=other");
    EXPECT_EQ(found(other + "--b1--"), std::nullopt) << field;
    EXPECT_EQ(found(other + part_with_sdp() + "--b1--"), sdp) << field;
  }
}

TEST(Bodies, OfAlternativesAreTheLastOneOthersTheFirst) {
  const auto body = part_with_sdp() + part("Content-Type: application/sdp\r\n\r\nv=second") + part(location) + "--b1--";
  EXPECT_EQ(found(body), sdp);
  EXPECT_EQ(found(body, "multipart/alternative;boundary=b1"), "v=second");
}

TEST(Bodies, AreFoundInsideMultipartsOfMultiparts) {
  auto body = sdp;
  std::string type = "application/sdp";
  for (int depth = 1; depth <= 5; ++depth) {
    const auto boundary = "in" + std::to_string(depth);
    body = "--" + boundary + "\r\nContent-Type: text/plain\r\n\r\nhello\r\n--" + boundary +
           "\r\nContent-Type: " + type + "\r\n\r\n" + body + "\r\n--" + boundary + "--\r\n";
    type = "multipart/mixed; boundary=\"" + boundary + "\"";
    EXPECT_EQ(found(body, type), depth <= 4 ? std::optional{sdp} : std::nullopt) << depth;
  }
}

TEST(Bodies, AreSoughtInSoManyPartsOnly) {
  for (const int before : {31, 32}) {
    std::string body;
    for (int i = 0; i < before; ++i) body += part("Content-Type: text/plain\r\n\r\nx");
    EXPECT_EQ(found(body + part_with_sdp() + "--b1--").has_value(), before < 32);
  }
}

TEST(Bodies, OfPartsThatWeWriteAreFoundAgain) {
  Message message;
  set_parts(message, {{"application/sdp", {}, sdp}, {"application/pidf+xml", {{"Content-ID", "<a@b>"}}, "<presence/>"}},
            "b4d7");
  EXPECT_EQ(message.content_type, "multipart/mixed;boundary=b4d7");
  EXPECT_EQ(found(message.body, message.content_type), sdp);
  EXPECT_EQ(find_body(message.content_type, message.body, "application/pidf+xml"), "<presence/>");
  EXPECT_NE(message.body.find("\r\nContent-ID: <a@b>\r\n\r\n<presence/>\r\n--b4d7--\r\n"), std::string::npos);
}

TEST(Bodies, SayWhetherTheyMayBeIgnored) {
  EXPECT_TRUE(is_optional("render;handling=optional"));
  EXPECT_TRUE(is_optional("by-reference; x=\"a;b\" ; Handling = \"Optional\""));
  for (const auto* value : {"", "session", "render;handling=required", "handling=optional"})
    EXPECT_FALSE(is_optional(value)) << value;
}

}  // namespace
}  // namespace roamdesk::sip::bodies
