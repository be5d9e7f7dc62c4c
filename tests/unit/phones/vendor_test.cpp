#include "common/phones/vendor_facts.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "common/base/utf8.hpp"

namespace roamdesk::phones {
namespace {

// A vendor that leaves out a word doesn't compile, whichever word it is.
template <class Table>
concept DoesWithoutTls = requires {
  Table{.udp = "0", .tcp = "1"};
};
static_assert(!DoesWithoutTls<Transports>);
template <class Table>
concept DoesWithoutDefault = requires {
  Table{};
};
static_assert(!DoesWithoutDefault<Transports> && !DoesWithoutDefault<Languages> && !DoesWithoutDefault<Codecs>);
static_assert(!DoesWithoutDefault<Resync> && !DoesWithoutDefault<AgentForm>);
static_assert(!DoesWithoutDefault<Grammar> && !DoesWithoutDefault<VendorFacts>);

TEST(Vendors, StandEachInTheListUnderItsOwnNumberAndName) {
  std::set<std::string_view> names;
  for (const auto* facts : all_vendors()) {
    EXPECT_EQ(facts_of(*facts->vendor), facts) << std::string_view{facts->name};
    EXPECT_TRUE(names.insert(facts->name).second) << std::string_view{facts->name};
    EXPECT_EQ(parse_vendor(facts->name), *facts->vendor);
    EXPECT_EQ(to_string(*facts->vendor), std::string_view{facts->name});
  }
  EXPECT_TRUE(names.contains("yealink"));
  EXPECT_EQ(facts_of(Vendor::unknown), nullptr);
}

TEST(Vendors, ShareNoOui) {
  std::map<std::uint32_t, std::string_view> owners;
  for (const auto* facts : all_vendors())
    for (const auto oui : *facts->ouis) {
      const auto [owner, is_new] = owners.emplace(oui.value(), facts->name);
      EXPECT_TRUE(is_new) << std::hex << oui.value() << " is " << owner->second << "'s and "
                          << std::string_view{facts->name} << "'s";
    }
}

TEST(Vendors, ThatAreConfiguredComeWithAWholeGrammar) {
  const auto supported = supported_vendors();
  ASSERT_FALSE(supported.empty());
  const auto mac = *Mac::parse("0c383e112233");
  for (const auto vendor : supported) {
    const auto& grammar = grammar_of(vendor);
    EXPECT_TRUE(is_supported(vendor));
    const std::set<std::string_view> transports{grammar.transports.of(sip::Transport::udp),
                                                grammar.transports.of(sip::Transport::tcp),
                                                grammar.transports.of(sip::Transport::tls)};
    EXPECT_EQ(transports.size(), 3u) << display_name(vendor);
    std::set<std::string_view> codecs;
    for (const auto codec : all_codecs) codecs.insert(grammar.codecs.of(codec));
    EXPECT_EQ(codecs.size(), std::size(all_codecs)) << display_name(vendor);
    std::string own = (*grammar.own_file)("generic", mac);
    for (char& c : own) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    EXPECT_EQ((*grammar.resolve)(own), (FileName{FileKind::device_config, mac})) << own;
  }
  EXPECT_FALSE(is_supported(Vendor::gigaset));
  EXPECT_FALSE(is_supported(Vendor::unknown));
}

TEST(Vendors, SayEnglishWhereALanguageHasNoWord) {
  EXPECT_EQ(grammar_of(Vendor::snom).languages.of("de"), "Deutsch");
  EXPECT_EQ(grammar_of(Vendor::snom).languages.of("xx"), "English");
  EXPECT_EQ(grammar_of(Vendor::fanvil).languages.of("cs"), "cz");
  EXPECT_EQ(grammar_of(Vendor::fanvil).languages.of("sv"), "en");
}

TEST(Vendors, TellTheTimeEachInItsOwnWay) {
  const Zone berlin{60, ClockChanges{{3, 5, 7, 2}, {10, 5, 7, 3}, 60}}, kolkata{330, {}}, st_johns{-210, {}},
      azores{-30, {}};
  const auto say = [](Vendor vendor, const Zone& zone) { return (*grammar_of(vendor).zone)(zone); };
  EXPECT_EQ(say(Vendor::yealink, berlin), "+1");
  EXPECT_EQ(say(Vendor::yealink, kolkata), "+5:30");
  EXPECT_EQ(say(Vendor::yealink, st_johns), "-3:30");
  EXPECT_EQ(say(Vendor::snom, st_johns), "-12600");
  EXPECT_EQ(say(Vendor::fanvil, kolkata), "22");
  const auto name = *grammar_of(Vendor::fanvil).zone_name;
  EXPECT_EQ(name(berlin), "UTC+1");
  EXPECT_EQ(name(st_johns), "UTC-3:30");
  EXPECT_EQ(name(Zone{0, {}}), "UCT");
  EXPECT_EQ(say(Vendor::grandstream, berlin), "MTZ-1MDT-2,M3.5.0/02:00:00,M10.5.0/03:00:00");
  EXPECT_EQ(say(Vendor::grandstream, kolkata), "MTZ-5:30");
  EXPECT_EQ(say(Vendor::grandstream, azores), "MTZ+0:30");
  EXPECT_EQ(*grammar_of(Vendor::yealink).zone_name, nullptr);
  EXPECT_EQ((*grammar_of(Vendor::snom).zone_name)(berlin), "GER+1");
  EXPECT_EQ((*grammar_of(Vendor::grandstream).zone_name)(azores), "customize");
}

TEST(Vendors, NeverTakeAPersonsWordForOneOfTheirOwn) {
  const auto escape = *grammar_of(Vendor::yealink).escape;
  EXPECT_EQ(escape("%NULL%"), "NULL");
  EXPECT_EQ(escape("%EMPTY%"), "EMPTY");
  EXPECT_EQ(escape("100%"), "100%");
  for (const auto vendor : {Vendor::snom, Vendor::fanvil, Vendor::grandstream})
    EXPECT_EQ((*grammar_of(vendor).escape)("<&>"), escape_xml("<&>"));
}

TEST(Codec, IsKnownInAnyCase) {
  EXPECT_EQ(parse_codec("PCMA"), CodecName::pcma);
  EXPECT_EQ(parse_codec("Opus"), CodecName::opus);
  EXPECT_EQ(parse_codec("ilbc"), std::nullopt);
}

}  // namespace
}  // namespace roamdesk::phones
