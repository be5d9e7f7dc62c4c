#include "common/names/answer_reader.hpp"

#include <gmock/gmock.h>

#include "common/names/query.hpp"
#include "wire.hpp"

namespace roamdesk::names {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

const Question srv{RecordType::srv, "_sip._udp.example.com"};
const Question naptr{RecordType::naptr, "example.com"};
constexpr unsigned cname = 5;

Wire service_data(unsigned priority, unsigned weight, unsigned port, std::string_view target) {
  return Wire{}.u16(priority).u16(weight).u16(port).name(target);
}
Wire pointer_data(std::string_view services, std::string_view expression, std::string_view replacement) {
  return Wire{}.u16(10).u16(20).text("S").text(services).text(expression).name(replacement);
}

std::vector<ServiceRecord> services_in(const Wire& wire, const Question& question = srv) {
  const auto answer = read_answer(question, wire.bytes);
  EXPECT_TRUE(answer);
  return answer ? std::get<std::vector<ServiceRecord>>(*answer) : std::vector<ServiceRecord>{};
}
Fault fault_in(const Wire& wire, const Question& question = srv) {
  const auto answer = read_answer(question, wire.bytes);
  EXPECT_FALSE(answer);
  return answer ? Fault{} : answer.error();
}

TEST(AnswerReader, ReadsServicesWithTheirTtl) {
  Wire wire;
  wire.head(srv, 2).record(srv.name, 33, 300, service_data(1, 2, 5060, "a.example.com"));
  wire.record("_SIP._UDP.EXAMPLE.com", 33, 60, service_data(3, 4, 5070, ""));
  EXPECT_THAT(services_in(wire), testing::ElementsAre(ServiceRecord{1, 2, 5060, "a.example.com", 300s},
                                                      ServiceRecord{3, 4, 5070, "", 60s}));
}

TEST(AnswerReader, ReadsPointersWithTheirTtl) {
  Wire wire;
  wire.head(naptr, 2).record(naptr.name, 35, 300, pointer_data("SIP+D2U", "", "_sip._udp.example.com"));
  wire.record(naptr.name, 35, 300, pointer_data("E2U+sip", "!^.*$!sip:x@example.com!", ""));
  const auto answer = read_answer(naptr, wire.bytes);
  ASSERT_TRUE(answer);
  const auto& records = std::get<std::vector<PointerRecord>>(*answer);
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_EQ(records[0], (PointerRecord{10, 20, "S", "SIP+D2U", false, "_sip._udp.example.com", 300s}));
  EXPECT_TRUE(records[1].rewrites);
}

TEST(AnswerReader, NamesMayBeCompressed) {
  Wire wire;
  wire.head(srv, 1);  // the name begins at byte 12, "example.com" at 22
  wire.u16(0xc00c).u16(33).u16(1).u32(60).u16(10).u16(1).u16(1).u16(5060).text("a").u16(0xc016);
  EXPECT_THAT(services_in(wire), testing::ElementsAre(ServiceRecord{1, 1, 5060, "a.example.com", 60s}));
}

TEST(AnswerReader, AliasesAreFollowedWithTheLeastTtl) {
  Wire wire;
  wire.head(srv, 3).record("x.example.net", 33, 300, service_data(1, 1, 5060, "a.example.com"));
  wire.record("y.example.net", cname, 40, Wire{}.name("X.example.net"));
  wire.record(srv.name, cname, 50, Wire{}.name("y.example.net"));
  EXPECT_THAT(services_in(wire), testing::ElementsAre(ServiceRecord{1, 1, 5060, "a.example.com", 40s}));
}

TEST(AnswerReader, AliasesThatGoInACircleOrTooFarEnd) {
  Wire circle;
  circle.head(srv, 2).record(srv.name, cname, 50, Wire{}.name("y.example.net"));
  circle.record("y.example.net", cname, 50, Wire{}.name(srv.name));
  EXPECT_EQ(fault_in(circle), Fault::leads_too_far);
  Wire chain;
  chain.head(srv, most_aliases + 1);
  std::string name = srv.name;
  for (std::size_t i = 0; i <= most_aliases; ++i) {
    const std::string next = "n" + std::to_string(i) + ".example.com";
    chain.record(name, cname, 60, Wire{}.name(next));
    name = next;
  }
  EXPECT_EQ(fault_in(chain), Fault::leads_too_far);
}

TEST(AnswerReader, WhatBelongsToOthersIsntTaken) {
  Wire wire;
  wire.head(srv, 3).record("_sip._udp.other.example", 33, 300, service_data(1, 1, 5060, "evil.example"));
  wire.record(srv.name, 1, 300, Wire{}.u32(1)).record(srv.name, 16, 300, Wire{}.text("text"));
  EXPECT_THAT(services_in(wire), IsEmpty());
  Wire other_class;
  other_class.head(srv, 1).name(srv.name).u16(33).u16(3).u32(60).u16(7).u16(1).u16(1).u16(5060).u8(0);
  EXPECT_THAT(services_in(other_class), IsEmpty());
}

TEST(AnswerReader, NamesThatCantBeHostsAreLeftOut) {
  Wire wire;
  wire.head(srv, 3).record(srv.name, 33, 300, service_data(1, 1, 5060, "a b.example.com"));
  wire.record(srv.name, 33, 300, Wire{}.u16(1).u16(1).u16(5060).text(std::string_view{"a\0b", 3}).u8(0));
  wire.record(srv.name, 33, 300, service_data(1, 1, 5060, "b.example.com"));
  EXPECT_THAT(services_in(wire), testing::ElementsAre(ServiceRecord{1, 1, 5060, "b.example.com", 300s}));
}

TEST(AnswerReader, NoMoreRecordsThanTheLimit) {
  Wire wire;
  wire.head(srv, 100);
  for (int i = 0; i < 100; ++i) wire.record(srv.name, 33, 300, service_data(1, 1, 5060, "a.example.com"));
  EXPECT_THAT(services_in(wire), SizeIs(most_records));
  Wire many;
  many.head(srv, 257);
  EXPECT_EQ(fault_in(many), Fault::leads_too_far);
}

TEST(AnswerReader, CodesOfTheServerAreFaults) {
  const auto fault_of_code = [](unsigned code) { return fault_in(Wire{}.head(srv, 0, code)); };
  EXPECT_EQ(fault_of_code(1), Fault::server_failed);
  EXPECT_EQ(fault_of_code(2), Fault::server_failed);
  EXPECT_EQ(fault_of_code(3), Fault::no_such_name);
  EXPECT_EQ(fault_of_code(4), Fault::server_failed);
  EXPECT_EQ(fault_of_code(5), Fault::server_failed);
  EXPECT_THAT(services_in(Wire{}.head(srv, 0)), IsEmpty());
}

TEST(AnswerReader, WhatAnswersAnotherQuestionIsABadAnswer) {
  EXPECT_EQ(fault_in(Wire{}.head({RecordType::srv, "_sip._udp.other.example"}, 0)), Fault::bad_answer);
  EXPECT_EQ(fault_in(Wire{}.head({RecordType::naptr, srv.name}, 0)), Fault::bad_answer);
  Wire query;
  query.head(srv, 0).bytes[2] = 0;  // not a response
  EXPECT_EQ(fault_in(query), Fault::bad_answer);
}

TEST(AnswerReader, EveryCutIsABadAnswer) {
  Wire wire;
  wire.head(naptr, 2).record(naptr.name, 35, 300, pointer_data("SIP+D2U", "", "_sip._udp.example.com"));
  wire.record(naptr.name, 35, 300, pointer_data("SIP+D2T", "x", "_sip._tcp.example.com"));
  ASSERT_TRUE(read_answer(naptr, wire.bytes));
  for (std::size_t size = 0; size < wire.bytes.size(); ++size) {
    const std::vector<std::uint8_t> cut(wire.bytes.begin(), wire.bytes.begin() + static_cast<std::ptrdiff_t>(size));
    const auto answer = read_answer(naptr, cut);
    ASSERT_FALSE(answer) << size;
    EXPECT_EQ(answer.error(), Fault::bad_answer) << size;
  }
}

TEST(AnswerReader, PointersThatDontLeadBackAreABadAnswer) {
  for (const unsigned to : {27U + 12U, 40U, 0x3fffU}) {  // itself, forward, behind the end
    Wire wire;
    wire.head(srv, 1).u16(0xc000 | to).u16(33).u16(1).u32(60).u16(7).u16(1).u16(1).u16(5060).u8(0);
    EXPECT_EQ(fault_in(wire), Fault::bad_answer) << to;
  }
}

TEST(AnswerReader, DataThatEndsBeforeItsRecordIsABadAnswer) {
  Wire wire;
  wire.head(srv, 1).record(srv.name, 33, 300, Wire{}.u16(1).u16(1).u16(5060).text("cut"));
  wire.u8(0);  // would end the name, but stands behind the record
  EXPECT_EQ(fault_in(wire), Fault::bad_answer);
}

}  // namespace
}  // namespace roamdesk::names
