#include "exchange/trace/conceal.hpp"

#include <gtest/gtest.h>

namespace roamdesk::trace {
namespace {

std::string concealed(const std::vector<std::string>& texts) {
  Transcript transcript;
  for (const auto& text : texts) {
    Message message;
    message.text = text;
    transcript.messages.push_back(std::move(message));
  }
  std::string all;
  for (const auto& message : conceal(std::move(transcript)).messages) all += message.text;
  return all;
}

TEST(Conceal, LeavesNoNameOfADialogOrTransaction) {
  const auto text = concealed({
      "INVITE sip:102@x SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1:5060;rport;branch=z9hG4bKsecret1\r\n"
      "From: <sip:101@x>;TAG=secret2\r\nTo: <sip:102@x>\r\nCall-ID: secret3@10.0.0.1\r\n\r\n",
      "SIP/2.0 200 OK\r\nv: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKsecret1\r\nf: <sip:101@x>;tag=secret2\r\n"
      "t: <sip:102@x>;tag=secret4\r\ni: secret3@10.0.0.1\r\n\r\n",
      "REFER sip:102@x SIP/2.0\r\nCall-ID: secret3@10.0.0.1\r\n"
      "Refer-To: <sip:103@x?Replaces=secret5%40h%3Bto-tag%3Dsecret6%3Bfrom-tag%3dsecret7>\r\n\r\n",
      "INVITE sip:103@x SIP/2.0\r\nCall-ID: secret8\r\nReplaces: secret9@h;to-tag=secret10;from-tag=secret11\r\n\r\n",
      "INVITE sip:103@x SIP/2.0\r\nCall-ID: secret12\r\nReplaces: secret3@10.0.0.1;to-tag=secret2\r\n\r\n",
  });
  EXPECT_EQ(text.find("secret"), std::string::npos) << text;
}

TEST(Conceal, NamesTheSameTheSameAndLeavesTheRest) {
  const auto text = concealed({
      "INVITE sip:102@x SIP/2.0\r\nFrom: <sip:101@x>;tag=aaaa\r\nCall-ID: cccc\r\n\r\nv=0\r\na=tag:aaa\r\n",
      "SIP/2.0 200 OK\r\nFrom: <sip:101@x>;tag=aaaa\r\nTo: <sip:102@x>;tag=bbbb\r\nCall-ID: cccc\r\n\r\n",
  });
  EXPECT_EQ(text,
            "INVITE sip:102@x SIP/2.0\r\nFrom: <sip:101@x>;tag=tag-1\r\nCall-ID: call-id-1\r\n\r\nv=0\r\na=tag:aaa\r\n"
            "SIP/2.0 200 OK\r\nFrom: <sip:101@x>;tag=tag-1\r\nTo: <sip:102@x>;tag=tag-2\r\nCall-ID: call-id-1\r\n\r\n");
}

}  // namespace
}  // namespace roamdesk::trace
