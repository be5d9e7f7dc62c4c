#include "pbx-core/config.hpp"

#include "common/crypto/certificate.hpp"
#include "exchange/routing/dial_codes.hpp"
#include "pbx-core/platform/cores.hpp"
#include "support.hpp"

namespace roamdesk::core {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

TEST(CoreConfig, TheExampleIsTheWholeContract) {
  const Config config = load_config(EXAMPLES "/pbx-core.yaml");
  EXPECT_EQ(config.sip.domain, "pbx.example.com");
  ASSERT_TRUE(config.sip.udp && config.sip.tcp && config.sip.tls && config.http.listen && config.metrics);
  // No root needed: loopback, unprivileged ports.
  for (const Endpoint& e :
       {*config.sip.udp, *config.sip.tcp, *config.sip.tls, *config.http.listen, config.tunnel.at(0)}) {
    EXPECT_TRUE(e.address.is_loopback());
    EXPECT_GE(e.port, 1024);
  }
  EXPECT_EQ(config.settings.hot_desk_code, "*77*");
  EXPECT_EQ(config.settings.logout_code, "*77*5*");
  EXPECT_THAT(config.settings.emergency_numbers, ElementsAre("112", "911"));
}

TEST(CoreConfig, EveryKeyButTheDomainHasADefault) {
  const TextFile file{"sip: { domain: pbx.example.com }\n"};
  const Config config = load_config(file.path());
  EXPECT_EQ(config.state_dir, "/var/lib/pbx-core");
  EXPECT_EQ(to_string(*config.sip.tls), "0.0.0.0:5061");
  EXPECT_EQ(to_string(*config.pnp.listen), "224.0.1.75:5060");
  EXPECT_EQ(to_string(config.tunnel.at(0)), "[::]:5090") << "the WAN may be IPv6";
  EXPECT_EQ(to_string(*config.http.tls), "[::]:5001");
  EXPECT_EQ(config.settings, Settings{});
}

TEST(CoreConfig, TheTimeServiceIsOnUnlessItIsNull) {
  const Config by_default = load_config(TextFile{"sip: { domain: a.b }\n"}.path());
  EXPECT_EQ(to_string(by_default.ntp.value()), "0.0.0.0:123");
  EXPECT_FALSE(by_default.ntp_is_set);
  const Config set = load_config(TextFile{"sip: { domain: a.b }\nntp: 127.0.0.1:1123\n"}.path());
  EXPECT_EQ(to_string(set.ntp.value()), "127.0.0.1:1123");
  EXPECT_TRUE(set.ntp_is_set);
  EXPECT_FALSE(load_config(TextFile{"sip: { domain: a.b }\nntp: null\n"}.path()).ntp);
  EXPECT_THAT(faults_of("sip: { domain: a.b }\nntp: 0.0.0.0:5060\n", load_config),
              ElementsAre(HasSubstr("FILE:2:6: ntp: has SIP's port")));
  EXPECT_THAT(faults_of("sip: { domain: a.b }\nntp: 123\n", load_config), ElementsAre(HasSubstr("FILE:2:6: ntp")));
}

TEST(CoreConfig, TwoListenersNeverHaveOneAddressAndPort) {
  for (const auto& [lines, name, other] :
       {std::tuple{"http: { listen: 10.0.0.1:5060 }", "http.listen: 10.0.0.1:5060", "sip.tcp's"},
        {"http: { tls: 10.0.0.1:5000 }", "http.tls: 10.0.0.1:5000", "http.listen's"},
        {"tunnel: [\"10.0.0.1:5061\"]", "tunnel: 10.0.0.1:5061", "sip.tls's"},
        {"metrics: \"[::]:5001\"", "metrics: [::]:5001", "http.tls's"}})
    EXPECT_THAT(faults_of(std::string{"sip: { domain: a.b }\n"} + lines + "\n", load_config),
                ElementsAre(testing::AllOf(HasSubstr("FILE:2:"), HasSubstr(name), HasSubstr(other))))
        << lines;
  EXPECT_THAT(faults_of("sip: { domain: a.b, tls: 0.0.0.0:5060 }\n", load_config), ElementsAre(HasSubstr("sip.tls")));
  EXPECT_THAT(faults_of("sip: { domain: a.b, udp: 10.0.0.1:5060, tcp: 10.0.0.1:5060 }\n"
                        "http: { listen: 10.0.0.2:5060 }\n",
                        load_config),
              IsEmpty())
      << "another protocol, another address";
}

TEST(CoreConfig, SlipsThatLookLikeNoneAreCalledByTheirName) {
  const std::string sip = "sip: { domain: a.b }\n";
  for (const auto* lines : {"codes:\n  hot_desk: *77*\n", "codes: { hot_desk: *77* }\n", "codes:\n  hot_desk: *\n"})
    EXPECT_THAT(faults_of(sip + lines, load_config),
                ElementsAre(testing::AllOf(HasSubstr("begins with *"), HasSubstr("\"*77*\""))))
        << lines;
  EXPECT_THAT(faults_of(sip + "codes:\n\thot_desk: \"*7*\"\n", load_config),
              ElementsAre(HasSubstr("FILE:3:1: no YAML: a tab at the beginning of the line; expected blanks")));
  EXPECT_THAT(faults_of(sip + "codes: { hot_desk\n", load_config), ElementsAre(HasSubstr("no YAML")));
  try {
    load_config("/nowhere/pbx-core.yaml");
    FAIL();
  } catch (const config::ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("No such file or directory"));
  }
}

TEST(CoreConfig, ListensOnAddressesOfIpv6) {
  const Config config =
      load_config(TextFile{"sip: { domain: a.b, udp: \"[::]:5060\", tls: \"[2001:db8::1]:5067\" }\n"
                           "tunnel: [\"[2001:db8::1]:5090\", \"192.0.2.1:5090\"]\n"
                           "http: { listen: \"[::1]:5000\", trusted_proxies: [\"2001:db8::7\"] }\n"
                           "dns: { servers: [\"2001:db8::53\", \"[2001:db8::54]:5353\"] }\n"}
                      .path());
  EXPECT_EQ(config.sip.udp->address, every_address);
  EXPECT_EQ(to_string(*config.sip.tls), "[2001:db8::1]:5067");
  EXPECT_EQ(to_string(config.tunnel.at(0)), "[2001:db8::1]:5090");
  EXPECT_EQ(to_string(config.http.trusted_proxies.at(0)), "2001:db8::7");
  EXPECT_EQ(to_string(config.dns_servers.at(0)), "[2001:db8::53]:53");
  EXPECT_EQ(to_string(config.dns_servers.at(1)), "[2001:db8::54]:5353");
  const std::pair<const char*, const char*> wrong[] = {
      {"rtp: { advertise: \"2001:db8::1\" }", "rtp.advertise"},
      {"pnp: { listen: \"[ff02::1]:5060\" }", "pnp.listen"},
      {"pnp: { interfaces: [\"2001:db8::1\"] }", "pnp.interfaces"},
      {"ntp: \"2001:db8::1:123\"", "ntp"},
  };
  for (const auto& [line, key] : wrong)
    EXPECT_THAT(faults_of("sip: { domain: a.b }\n" + std::string{line} + "\n", load_config),
                ElementsAre(HasSubstr(key)))
        << line;
}

TEST(CoreConfig, ProxiesAreAddresses) {
  const Config config =
      load_config(TextFile{"sip: { domain: a.b }\nhttp: { trusted_proxies: [127.0.0.1, 10.0.0.7] }\n"}.path());
  EXPECT_THAT(config.http.trusted_proxies, ElementsAre(IpAddress{0x7f000001}, IpAddress{0x0a000007}));
  EXPECT_THAT(faults_of("sip: { domain: a.b }\nhttp: { trusted_proxies: [10.0.0.0/8] }\n", load_config),
              ElementsAre(HasSubstr("http.trusted_proxies")));
}

TEST(CoreConfig, ABackupIsMadeWhereAFolderIsNamed) {
  const auto with = [](const std::string& backup) {
    return "state_dir: /var/lib/pbx-core\nsip: { domain: a.b }\nbackup: " + backup + "\n";
  };
  EXPECT_FALSE(load_config(TextFile{"sip: { domain: a.b }\n"}.path()).backup);
  EXPECT_FALSE(load_config(TextFile{with("null")}.path()).backup);
  const auto least = load_config(TextFile{with("{ directory: /var/lib/pbx-core-backups }")}.path()).backup;
  ASSERT_TRUE(least);
  EXPECT_EQ(config::to_string(least->at), "02:30");
  EXPECT_EQ(least->keep, 14);
  const auto whole = load_config(TextFile{with("{ directory: /srv/b, at: \"23:59\", keep: 1000 }")}.path()).backup;
  ASSERT_TRUE(whole);
  EXPECT_EQ(config::to_string(whole->at), "23:59");
  EXPECT_EQ(whole->keep, 1000);
  for (const char* wrong : {"{ at: \"02:30\" }", "{ directory: /b, keep: 0 }", "{ directory: /b, keep: 1001 }",
                            "{ directory: /b, at: 25:00 }", "{ directory: /var/lib/pbx-core }", "/b",
                            "{ directory: /var/lib/pbx-core/backups }", "{ directory: /var/lib/../lib/pbx-core/x }"})
    EXPECT_THAT(faults_of(with(wrong), load_config), testing::Not(IsEmpty())) << wrong;
}

TEST(CoreConfig, AMailServerIsOneOrNone) {
  const auto with = [](const std::string& mail) { return "sip: { domain: a.b }\nmail: " + mail + "\n"; };
  EXPECT_FALSE(load_config(TextFile{"sip: { domain: a.b }\n"}.path()).mail);
  EXPECT_FALSE(load_config(TextFile{with("null")}.path()).mail);
  const auto least =
      load_config(TextFile{with("{ server: \"smtp.example.com:587\", from: pbx@example.com }")}.path()).mail;
  ASSERT_TRUE(least);
  EXPECT_EQ(to_string(least->server), "smtp.example.com:587");
  EXPECT_EQ(least->tls, notices::MailTls::starttls);
  const auto file = std::filesystem::temp_directory_path() / ("roamdesk_mail_" + std::to_string(getpid()));
  std::ofstream{file} << "s3cret of the mail\nanother line\n";
  const auto whole =
      load_config(TextFile{with("{ server: \"10.0.0.7:465\", from: pbx@example.com, user: pbx, password_file: " +
                                file.string() + ", tls: tls }")}
                      .path())
          .mail;
  std::filesystem::remove(file);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->password, Secret{"s3cret of the mail"});
  EXPECT_EQ(whole->tls, notices::MailTls::tls);
}

TEST(CoreConfig, AMailServerThatCanNotBeIsRefusedWithoutShowingItsPassword) {
  const auto faults = [](const std::string& mail) {
    return faults_of("sip: { domain: a.b }\nmail: { server: \"s:25\", " + mail + " }\n", load_config);
  };
  for (const std::string mail :
       {"from: nobody", "from: \"a@b\\r\\nRCPT TO:<x>\"", "from: a@b, user: u", "from: a@b, password: s3cret",
        "from: a@b, user: u, password: s3cret, tls: none", "from: a@b, user: u, password_file: /nowhere",
        "from: a@b, tls: ssl", "from: a@b, authority: /nowhere"}) {
    EXPECT_THAT(faults(mail), testing::Not(IsEmpty())) << mail;
    for (const auto& fault : faults(mail)) EXPECT_THAT(fault, testing::Not(HasSubstr("s3cret"))) << mail;
  }
  EXPECT_THAT(faults_of("sip: { domain: a.b }\nmail: { from: a@b }\n", load_config),
              ElementsAre(HasSubstr("mail.server: missing")));
}

TEST(CoreConfig, DnsServersAreAddressesWithOrWithoutPort) {
  const TextFile file{"sip: { domain: a.b }\ndns: { servers: [192.0.2.53, \"127.0.0.1:5353\"] }\n"};
  EXPECT_THAT(load_config(file.path()).dns_servers,
              ElementsAre(Endpoint{IpAddress{0xc0000235}, 53}, Endpoint{IpAddress{0x7f000001}, 5353}));
  EXPECT_THAT(load_config(TextFile{"sip: { domain: a.b }\n"}.path()).dns_servers, IsEmpty());
  for (const char* wrong : {"dns.example.com", "192.0.2.53:0", "192.0.2.256"})
    EXPECT_THAT(faults_of(fmt::format("sip: {{ domain: a.b }}\ndns: {{ servers: [\"{}\"] }}\n", wrong), load_config),
                ElementsAre(HasSubstr("dns.servers")));
}

TEST(CoreConfig, PoliciesBecomeSettings) {
  const TextFile file{
      "sip: { domain: a.b }\nhot_desk:\n  automatic_logout: \"18:30\"\n  max_session: \"10h\"\n"
      "  when_already_logged_in: refuse\n"};
  const Settings settings = load_config(file.path()).settings;
  EXPECT_EQ(settings.automatic_logout, "18:30");
  EXPECT_EQ(settings.max_session, 10h);
  EXPECT_FALSE(settings.move_when_already_logged_in);
}

TEST(CoreConfig, SrtpIsOneOfThreeWords) {
  EXPECT_EQ(load_config(TextFile{"sip: { domain: a.b }\n"}.path()).settings.srtp, Srtp::off);
  for (const auto srtp : {Srtp::off, Srtp::optional, Srtp::required}) {
    const TextFile file{"sip: { domain: a.b }\nmedia: { srtp: " + std::string{word_of(srtp)} + " }\n"};
    EXPECT_EQ(load_config(file.path()).settings.srtp, srtp);
  }
  EXPECT_THAT(faults_of("sip: { domain: a.b }\nmedia: { srtp: always }\n", load_config),
              ElementsAre(HasSubstr("media.srtp")));
}

TEST(CoreConfig, TheMediaLoopIsOneOfThreeWordsBesideTheSettings) {
  EXPECT_EQ(load_config(TextFile{"sip: { domain: a.b }\n"}.path()).media_loop, media::LoopKind::automatic);
  const TextFile file{"sip: { domain: a.b }\nmedia: { srtp: required, loop: epoll }\n"};
  EXPECT_EQ(load_config(file.path()).media_loop, media::LoopKind::epoll);
  EXPECT_EQ(load_config(file.path()).settings.srtp, Srtp::required);
  EXPECT_THAT(faults_of("sip: { domain: a.b }\nmedia: { loop: select }\n", load_config),
              ElementsAre(HasSubstr("media.loop")));
}

TEST(CoreConfig, MediaThreadsAreAsManyAsTheCoresOrSoMany) {
  const auto threads = [](const std::string& word) {
    return load_config(TextFile{"sip: { domain: a.b }\nmedia: { threads: " + word + " }\n"}.path()).media_threads;
  };
  EXPECT_EQ(load_config(TextFile{"sip: { domain: a.b }\n"}.path()).media_threads, std::nullopt);
  EXPECT_EQ(threads("auto"), std::nullopt);
  EXPECT_EQ(threads("1"), 1u);
  EXPECT_EQ(threads("16"), 16u);
  for (const auto* word : {"0", "17", "-1", "many", "1.5", "[1]"})
    EXPECT_THAT(faults_of(std::string{"sip: { domain: a.b }\nmedia: { threads: "} + word + " }\n", load_config),
                ElementsAre(HasSubstr("media.threads")))
        << word;
}

TEST(Cores, OfACgroupAreItsQuotaRoundedUp) {
  EXPECT_EQ(cores_of_quota("max 100000"), std::nullopt);
  EXPECT_EQ(cores_of_quota("100000 100000"), 1u);
  EXPECT_EQ(cores_of_quota("50000 100000"), 1u);
  EXPECT_EQ(cores_of_quota("250000 100000"), 3u);
  for (const auto* odd : {"", "max", "0 100000", "100000 0", "x y", "100000", " "})
    EXPECT_EQ(cores_of_quota(odd), std::nullopt) << odd;
  EXPECT_GE(cores_allowed(), 1u);
}

TEST(CoreConfig, AllFaultsAreToldWithTheirPlace) {
  EXPECT_THAT(faults_of("time_zone: Europe/Atlantis\n"
                        "sip:\n"
                        "  udp: 0.0.0.0\n"
                        "  tcp: null\n"
                        "  colour: blue\n"
                        "rtp: { ports: 20000-10000 }\n"
                        "log: { level: loud }\n",
                        load_config),
              ElementsAre("FILE:1:12: time_zone: 'Europe/Atlantis' can't be used; expected a time zone of the tz "
                          "database, as Europe/Nicosia",
                          HasSubstr("FILE:3:3: sip.domain: missing; expected the name under which phones register"),
                          "FILE:3:8: sip.udp: '0.0.0.0' can't be used; expected an address and a port, as "
                          "0.0.0.0:5060 or \"[::]:5060\"",
                          "FILE:5:3: sip.colour: no such key; expected one of domain, tcp, tls, udp",
                          HasSubstr("FILE:6:15: rtp.ports: '20000-10000' can't be used; expected a range"),
                          "FILE:7:15: log.level: 'loud' can't be used; expected debug or info or warning or error"));
}

TEST(CoreConfig, ClashingCodesAreRefused) {
  EXPECT_THAT(faults_of("sip: { domain: a.b }\ncodes: { hot_desk: \"*77*\", logout: \"*77*\" }\n", load_config),
              ElementsAre(HasSubstr("clash")));
  EXPECT_THAT(faults_of("sip: { domain: a.b }\ncodes: { hot_desk: \"77\" }\n", load_config),
              ElementsAre(HasSubstr("FILE:2:20: codes.hot_desk: '77' can't be used")));
}

// A core that started with codes which the API refuses would refuse every other change of the settings, too.
TEST(CoreConfig, CodesThatItTakesAreTakenByTheApi) {
  for (const auto* codes :
       {"hot_desk: \"*7\", logout: \"*8\"", "hot_desk: \"*77\", logout: \"*78\"", "hot_desk: \"**7*\"",
        "hot_desk: \"*77*5*\", logout: \"*77*\"", "logout: \"*12345678901234*\""}) {
    Config config;
    EXPECT_THAT(faults_of(std::string("sip: { domain: a.b }\ncodes: { ") + codes + " }\n",
                          [&](const auto& file) { config = load_config(file); }),
                ElementsAre())
        << codes;
    EXPECT_TRUE(routing::check_codes(routing::codes_of(config.settings)).has_value()) << codes;
  }
  for (const auto* codes : {"hot_desk: \"*\"", "hot_desk: \"*7#\"", "logout: \"*123456789012345*\"", "logout: \"*77\""})
    EXPECT_THAT(faults_of(std::string("sip: { domain: a.b }\ncodes: { ") + codes + " }\n", load_config),
                testing::SizeIs(1))
        << codes;
}

TEST(CoreConfig, WhatIsNotYamlHasAPlaceToo) {
  EXPECT_THAT(faults_of("sip: { domain: a.b\nlog: [\n", load_config), ElementsAre(HasSubstr("no YAML")));
  EXPECT_THAT(faults_of("- a\n- b\n", load_config), testing::Contains(HasSubstr("FILE:1:1: the file: a list")));
  EXPECT_THAT(faults_of("", load_config), ElementsAre(HasSubstr("sip: missing")));
}

TEST(CoreConfig, RepeatedKeysAnchorsAndTagsAreRefused) {
  EXPECT_THAT(faults_of("sip: { domain: a.b }\nsip: { domain: c.d }\n", load_config),
              ElementsAre(HasSubstr("FILE:2:1: 'sip' stands here for the second time; expected each key once; the "
                                    "first is in line 1")));
  EXPECT_THAT(faults_of("sip: &x { domain: a.b }\nlog: *x\n", load_config), testing::Contains(HasSubstr("an alias")));
  EXPECT_THAT(faults_of("sip: { domain: !!str a.b }\n", load_config), testing::Contains(HasSubstr("the tag")));
}

TEST(CoreConfig, BottomlessNestingIsRefused) {
  EXPECT_THAT(faults_of("sip: " + std::string(1000, '['), load_config), ElementsAre(HasSubstr("nested too deeply")));
}

TEST(CoreConfig, NullIsRefusedWhereThereMustBeSomething) {
  EXPECT_THAT(faults_of("sip: { domain: null }\n", load_config),
              ElementsAre(HasSubstr("sip.domain: null can't be used")));
}

TEST(CoreConfig, TheConsolesCertificateMustServe) {
  const auto directory = std::filesystem::temp_directory_path();
  const auto one = crypto::Authority::create("one", crypto::as_bytes("1"), WallTime{}),
             two = crypto::Authority::create("two", crypto::as_bytes("2"), WallTime{});
  const TextFile sip{""};  // its name is this test's own
  const auto write = [&](const char* name, const std::string& text) {
    const auto file = sip.path().string() + name;
    std::ofstream{file} << text;
    return file;
  };
  const auto certificate = write(".crt", one.certificate()), key = write(".key", one.key().reveal()),
             other = write(".other", two.key().reveal()), empty = write(".empty", "");
  const auto faults = [](const std::string& c, const std::string& k) {
    return faults_of("sip: { domain: a.b }\nhttp:\n" + (c.empty() ? "" : "  certificate: " + c + "\n") +
                         (k.empty() ? "" : "  key: " + k + "\n"),
                     load_config);
  };
  EXPECT_THAT(faults(certificate, key), IsEmpty());
  EXPECT_THAT(faults(certificate, ""), ElementsAre(HasSubstr("FILE:3:16: http.certificate: stands alone")));
  EXPECT_THAT(faults("", key), ElementsAre(HasSubstr("FILE:3:8: http.key: stands alone")));
  EXPECT_THAT(faults("/nonexistent", key),
              ElementsAre(testing::AllOf(HasSubstr("FILE:3:16: http.certificate: '/nonexistent' can't be used"),
                                         HasSubstr("No such file"))));
  EXPECT_THAT(faults(empty, key), ElementsAre(HasSubstr("it is empty")));
  EXPECT_THAT(faults(key, key), ElementsAre(HasSubstr("expected a certificate in PEM")));
  EXPECT_THAT(faults(certificate, certificate), ElementsAre(HasSubstr("FILE:4:8: http.key")));
  EXPECT_THAT(faults(certificate, other), ElementsAre(HasSubstr("the private key of the certificate in")));
  for (const auto& file : {certificate, key, other, empty}) std::filesystem::remove(file);
}

TEST(CoreConfig, AFileThatIsNotThereIsAFault) {
  try {
    load_config("/nonexistent/x.yaml");
    FAIL();
  } catch (const config::ConfigError& error) {
    EXPECT_THAT(error.lines(), ElementsAre(HasSubstr("/nonexistent/x.yaml:1:1: can't be read")));
  }
}

}  // namespace
}  // namespace roamdesk::core
