#include <gtest/gtest.h>

#include "common/sdp/session.hpp"

// T.38 in session descriptions (RFC 3362, RFC 3264).
namespace roamdesk::sdp {
namespace {

const std::string image_head = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";
const std::string audio_line = "m=audio 4000 RTP/AVP 8\r\n", no_audio_line = "m=audio 0 RTP/AVP 8\r\n",
                  image_line = "m=image 4002 udptl t38\r\na=T38FaxVersion:0\r\n",
                  no_image_line = "m=image 0 udptl t38\r\n";

Session of_lines(const std::string& lines) { return *parse(image_head + lines); }
Self our_side() { return {.session = 7, .version = 2, .media = {IpAddress{0x0a000001}, 20000}}; }

TEST(Image, TakesTheAudiosPlaceOnlyWhereThatIsOff) {
  for (const auto& lines : {image_line, no_audio_line + image_line, image_line + no_audio_line}) {
    const auto offer = of_lines(lines);
    const auto* line = audio_of(offer);
    ASSERT_TRUE(line) << lines;
    EXPECT_TRUE(is_image(*line)) << lines;
    EXPECT_EQ(endpoint_of(offer, *line)->port, 4002);
  }
  for (const auto& lines :
       {audio_line + image_line, image_line + audio_line, audio_line + no_image_line, no_audio_line + no_image_line}) {
    const auto offer = of_lines(lines);
    const auto* line = audio_of(offer);
    EXPECT_FALSE(line && is_image(*line)) << lines;
  }
  for (const auto* other : {"m=image 4002 TCP t38\r\n", "m=video 4002 udptl t38\r\n", "m=image 4002 RTP/AVP 98\r\n"})
    EXPECT_FALSE(audio_of(of_lines(other))) << other;
}

TEST(Image, KeepsItsWordsAndGetsOurAddress) {
  const auto offer = reword(of_lines(no_audio_line + image_line), our_side());
  ASSERT_EQ(offer.media.size(), 2u);
  EXPECT_EQ(offer.media[0].port, 0);
  EXPECT_EQ(offer.media[1].port, 20000);
  EXPECT_EQ(offer.media[1].kind, "image");
  EXPECT_EQ(offer.media[1].protocol, "udptl");
  EXPECT_EQ(offer.media[1].formats, std::vector<std::string>{"t38"});
  EXPECT_NE(serialise(offer).find("a=T38FaxVersion:0"), std::string::npos);
  EXPECT_EQ(serialise(offer).find("192.0.2.1"), std::string::npos);
}

TEST(Image, IsAnsweredByAnImageOrIsOff) {
  const auto ports = [](const Session& answer) {
    std::string all;
    for (const auto& media : answer.media) all += media.kind + " " + std::to_string(media.port) + ", ";
    return all;
  };
  EXPECT_EQ(ports(reword_answer(of_lines(image_line), of_lines(no_audio_line + image_line), our_side())),
            "audio 0, image 20000, ");
  EXPECT_EQ(ports(reword_answer(of_lines(audio_line), of_lines(image_line), our_side())), "image 0, ");
  EXPECT_EQ(ports(reword_answer(of_lines(image_line), of_lines(audio_line), our_side())), "audio 0, ");
  EXPECT_EQ(ports(reword_answer(of_lines(audio_line), of_lines(audio_line + image_line), our_side())),
            "audio 20000, image 0, ");
}

}  // namespace
}  // namespace roamdesk::sdp
