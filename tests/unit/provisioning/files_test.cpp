#include <unistd.h>

#include <filesystem>

#include "exchange/provisioning/file_names.hpp"
#include "exchange/provisioning/files/zone.hpp"
#include "exchange/provisioning/text.hpp"
#include "fixture.hpp"

namespace roamdesk::provisioning {
namespace {

using phones::Vendor;

class Folder {
 public:
  Folder() : path_(std::filesystem::path{testing::TempDir()} / ("prov" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }
  void write(const std::string& name, const std::string& text) const { std::ofstream{path_ / name} << text; }

 private:
  std::filesystem::path path_;
};

std::string fault_of(const std::string& yaml) {
  Folder folder;
  for (const auto vendor : vendors)
    folder.write(std::string{phones::to_string(vendor)} + ".yaml", "models:\n  - {name: generic}\n");
  folder.write("snom.yaml", yaml);
  try {
    load_models(folder.path());
  } catch (const std::runtime_error& e) {
    const std::string text = e.what();
    return text.substr(text.find("snom.yaml"));
  }
  return "";
}

TEST(ModelFiles, HoldTheUsualModels) {
  const auto& models = provisioner().models();
  for (const auto* name : {"T31G", "T33G", "T46S", "T46U", "T48U", "T53W", "T54W", "T57W", "T58W"})
    EXPECT_NE(models.exact(Vendor::yealink, name), nullptr) << name;
  for (const auto* name : {"D315", "D335", "D385", "D717", "D735", "D785", "D862", "D865"})
    EXPECT_NE(models.exact(Vendor::snom, name), nullptr) << name;
  for (const auto* name : {"X1P", "X3U", "X3U Pro", "X6U", "X7C", "V62", "V62Pro", "V64", "V67", "H5", "H5W"})
    EXPECT_NE(models.exact(Vendor::fanvil, name), nullptr) << name;
  for (const auto* name :
       {"GRP2612W", "GRP2614", "GRP2616", "GXP1625", "GXP2135", "GXP2170", "GHP621W", "WP826", "GXV3380"})
    EXPECT_NE(models.exact(Vendor::grandstream, name), nullptr) << name;
  for (const auto* name : {"UC802", "UC842", "UC860P", "UC902", "UC924", "UC926E", "UC926U"})
    EXPECT_NE(models.exact(Vendor::htek, name), nullptr) << name;
  for (const auto* name : {"6851", "7821", "7832", "7861", "8832", "8841", "8865", "9861"})
    EXPECT_NE(models.exact(Vendor::cisco, name), nullptr) << name;
  for (const auto* name : {"VVX_450", "VVX250", "VVX_411", "Edge_E350", "Edge E550"})
    EXPECT_NE(models.exact(Vendor::poly, name), nullptr) << name;
}

TEST(ModelFiles, SayOfPhonesThatStayOnHttpThatTheyDo) {
  for (const auto& model : provisioner().models().all()) {
    if (phones::can_fetch_by_https(model)) continue;
    const auto says = [](const std::string& limit) { return limit.find("over HTTP,") != std::string::npos; };
    EXPECT_TRUE(std::any_of(model.limits.begin(), model.limits.end(), says)) << model.name;
  }
}

TEST(ModelFiles, AreConsistent) {
  for (const auto& model : provisioner().models().all()) {
    EXPECT_EQ(provisioner().models().exact(model.vendor, model.name)->name, model.name);
    for (const auto& alias : model.aliases)
      EXPECT_EQ(provisioner().models().exact(model.vendor, alias)->name, model.name) << alias;
    EXPECT_GE(model.lines, 1u);
    EXPECT_LE(model.physical_keys, model.keys) << model.name;
    // A model whose calls need a line key has a place for it behind Log in.
    if (model.needs_line_key) {
      EXPECT_GE(model.keys, 2u) << model.name;
    }
    if (model.keys_per_page > 0) {
      EXPECT_EQ((model.keys - model.physical_keys) % model.keys_per_page, 0u) << model.name;
    }
  }
}

TEST(ModelFiles, NameTheirFaults) {
  EXPECT_EQ(fault_of("models:\n  - {name: generic}\n  - {name: D1, kyes: 3}\n").substr(0, 30),
            "snom.yaml:3:16: unknown key ky");
  EXPECT_EQ(fault_of("models:\n  - {name: generic, keys: many}\n"), "snom.yaml:2:27: keys isn't a number");
  EXPECT_NE(fault_of("models:\n  - {name: D1}\n").find("generic is missing"), std::string::npos);
  EXPECT_NE(fault_of("models:\n  - {name: generic}\n  - {name: generic}\n").find("second model"), std::string::npos);
  EXPECT_NE(fault_of("models:\n  - {name: generic, key_functions: [fly]}\n")
                .find("key_functions has fly; expected some of: dnd, hold, transfer, forward, voicemail"),
            std::string::npos);
  EXPECT_NE(fault_of("models:\n  - {name: generic, keys: 2, line_keys: 3}\n").find("line_keys is more than keys"),
            std::string::npos);
  EXPECT_NE(fault_of("models: [").find("snom.yaml:1:"), std::string::npos);
}

TEST(TemplateFiles, AreOverriddenByTheAdministrators) {
  Folder folder;
  folder.write("snom.tpl", "<own>{{LABEL}}</own>");
  const auto texts = load_templates(CONFIG_DIR "/templates", folder.path());
  EXPECT_EQ(texts.at("snom"), "<own>{{LABEL}}</own>");
  EXPECT_NE(texts.at("yealink").find("account.1.enable"), std::string::npos);
  const Provisioner own{load_models(CONFIG_DIR "/models"), texts};
  auto view = idle_view(Vendor::snom);
  view.account.label = "<&>";
  EXPECT_EQ(own.render(view).body, "<own>&lt;&amp;&gt;</own>");
}

TEST(TemplateFiles, AreRefusedWhereTheyDontParse) {
  auto texts = load_templates(CONFIG_DIR "/templates", "/nonexistent");
  texts["snom"] = "{{#KEY}} never ends";
  EXPECT_THROW(Provisioner(phones::ModelList{}, texts), std::invalid_argument);
  texts.erase("snom");
  EXPECT_THROW(Provisioner(phones::ModelList{}, texts), std::invalid_argument);
}

TEST(FileNames, ResolveAsTheReferenceSays) {
  const auto mac = Mac::parse("805ec0112233");
  EXPECT_EQ(resolve(Vendor::yealink, "805EC0112233.cfg"), (FileName{FileKind::device_config, mac}));
  EXPECT_EQ(resolve(Vendor::yealink, "805ec0112233.boot").kind, FileKind::boot);
  EXPECT_EQ(resolve(Vendor::yealink, "y000000000108.cfg").kind, FileKind::common);
  EXPECT_EQ(resolve(Vendor::fanvil, "F0V00X300000.cfg").kind, FileKind::common);
  EXPECT_EQ(resolve(Vendor::fanvil, "f0X4hw1.100.cfg").kind, FileKind::common);
  EXPECT_EQ(resolve(Vendor::fanvil, "fanvil_x4_hwv1_0.txt").kind, FileKind::firmware_note);
  EXPECT_EQ(resolve(Vendor::fanvil, "805ec0112233.boot"), (FileName{FileKind::boot, mac}));
  EXPECT_EQ(resolve(Vendor::grandstream, "dev805ec0112233.cfg"), (FileName{FileKind::device_probe, mac}));
  EXPECT_EQ(resolve(Vendor::grandstream, "external.cfg").kind, FileKind::other);
  EXPECT_EQ(resolve(Vendor::snom, "snomD785.htm").kind, FileKind::common);
  EXPECT_EQ(resolve(Vendor::snom, "snomD785-805EC0112233.htm"), (FileName{FileKind::device_config, mac}));
  EXPECT_EQ(resolve(Vendor::grandstream, "cfg805ec0112233"), (FileName{FileKind::device_probe, mac}));
  EXPECT_EQ(resolve(Vendor::grandstream, "cfg805ec0112233.bin").kind, FileKind::device_probe);
  EXPECT_EQ(resolve(Vendor::grandstream, "cfg805ec0112233.xml"), (FileName{FileKind::device_config, mac}));
  EXPECT_EQ(resolve(Vendor::grandstream, "cfggxp2170.xml").kind, FileKind::common);
  EXPECT_EQ(resolve(Vendor::unknown, "805ec0112233.cfg").kind, FileKind::unknown);
  EXPECT_EQ(resolve(Vendor::yealink, std::string(500, 'y')).kind, FileKind::unknown);
}

// By MAC alone it isn't known yet whose phone asks.
TEST(FileNames, NameTheMacWhicheverVendorsTheyAre) {
  const auto mac = *Mac::parse("805ec0112233");
  for (const auto* name : {"805ec0112233.cfg", "snomD785-805EC0112233.htm", "805ec0112233.xml", "cfg805ec0112233.xml"})
    EXPECT_EQ(resolve(name), (FileName{FileKind::device_config, mac})) << name;
  EXPECT_EQ(resolve("805ec0112233.boot"), (FileName{FileKind::boot, mac}));
  EXPECT_EQ(resolve("cfg805ec0112233"), (FileName{FileKind::device_probe, mac}));
  for (const auto* name :
       {"", "y000000000108.cfg", "cfg.xml", "snomD785.htm", "f0X4hw1.100.cfg", "index.html", "805ec0112233"})
    EXPECT_EQ(resolve(name), FileName{}) << name;
}

TEST(FileNames, AreWhatThePhonesOwnUrlsLeadTo) {
  for (const auto& model : provisioner().models().all()) {
    const auto mac = mac_of(model.vendor);
    EXPECT_EQ(resolve(model.vendor, config_file_name(model, mac)), (FileName{FileKind::device_config, mac}))
        << model.name;
  }
}

TEST(Text, KeepsPeoplesNamesAndNothingElse) {
  EXPECT_EQ(clean_text(" O'Brien\tÄöü \r\n"), "O'Brien Äöü");
  EXPECT_EQ(clean_text("a\xc2\x85"
                       "b\xe2\x80\xa8"
                       "c\x7f"),
            "abc");
  EXPECT_EQ(clean_text("\xc0\xaf\xed\xa0\x80\xf5x"), "x");  // overlong, surrogate, beyond Unicode
  EXPECT_EQ(clean_text("äöü", 2), "äö");
  EXPECT_EQ(escape_xml("<&>\"'"), "&lt;&amp;&gt;&quot;&#39;");
  EXPECT_EQ(clean_number("*20*|101@x/ba"), "*20*101xba");
}

TEST(Zone, IsWhatPhonesWant) {
  const WallTime now{std::chrono::milliseconds{1'767'225'600'000}};  // 2026-01-01
  const auto berlin = describe_zone("Europe/Berlin", now);
  ASSERT_TRUE(berlin);
  EXPECT_EQ(berlin->utc_offset_minutes, 60);
  EXPECT_EQ(berlin->clock_changes, (ClockChanges{{3, 5, 7, 2}, {10, 5, 7, 3}, 60}));
  const auto new_york = describe_zone("America/New_York", now);
  ASSERT_TRUE(new_york);
  EXPECT_EQ(new_york->utc_offset_minutes, -300);
  EXPECT_EQ(new_york->clock_changes, (ClockChanges{{3, 2, 7, 2}, {11, 1, 7, 2}, 60}));
  const auto sydney = describe_zone("Australia/Sydney", now);
  ASSERT_TRUE(sydney);
  EXPECT_EQ(sydney->utc_offset_minutes, 600);
  EXPECT_EQ(sydney->clock_changes, (ClockChanges{{10, 1, 7, 2}, {4, 1, 7, 3}, 60}));
  const auto kolkata = describe_zone("Asia/Kolkata", now);
  ASSERT_TRUE(kolkata);
  EXPECT_EQ(kolkata->utc_offset_minutes, 330);
  EXPECT_FALSE(kolkata->clock_changes);
  const auto dublin = describe_zone("Europe/Dublin", now);
  ASSERT_TRUE(dublin);
  EXPECT_EQ(dublin->utc_offset_minutes, 0);
  EXPECT_TRUE(dublin->clock_changes);
  EXPECT_FALSE(describe_zone("Nowhere/Atall", now));
}

}  // namespace
}  // namespace roamdesk::provisioning
