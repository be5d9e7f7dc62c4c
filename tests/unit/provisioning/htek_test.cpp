#include <gtest/gtest.h>

#include <optional>
#include <set>

#include "exchange/provisioning/file_names.hpp"
#include "fixture.hpp"
#include "xml.hpp"

// Htek: numbers of accounts and keys in the order in which the phone's own export has them.
namespace roamdesk::provisioning {
namespace {

using phones::Vendor;

class File {
 public:
  explicit File(const PhoneView& view) {
    const auto body = provisioner().render(view).body;
    xml::Reader reader{body};
    root_ = reader.read();
    EXPECT_EQ(reader.fault(), "");
    std::set<std::string> seen;
    for (const auto& e : config().children) EXPECT_TRUE(seen.insert(e.name).second) << "twice: " << e.name;
  }
  const xml::Element& config() const { return *root_.child("config"); }
  std::string operator[](const std::string& name) const { return config().child_text(name); }
  std::string operator[](unsigned number) const { return (*this)["P" + std::to_string(number)]; }

 private:
  xml::Element root_;
};

TEST(Htek, RegistersItsFirstAccountAndClearsAllOthers) {
  const File file{occupied_view(Vendor::htek)};
  EXPECT_EQ(file[271], "1");
  EXPECT_EQ(file[35], "101");
  EXPECT_EQ(file[36], "s-4f2a");
  EXPECT_EQ(file[3], "O'Brien <&\"> äöü");
  EXPECT_EQ(file[47], "pbx.example.com");
  EXPECT_EQ(file[48], "192.168.1.5:5060");
  EXPECT_EQ(file[32], "1");  // minutes
  EXPECT_EQ(file[33], "*98");
  EXPECT_EQ(file[99], "1");
  EXPECT_EQ(file[237], "http://192.168.1.5:5000/provision/TOKENtokenTOKENtoken/");
  // Active and password of accounts 2 to 16.
  for (const unsigned active : {401, 501, 601, 20360, 20361, 24090, 24091, 24095, 24099})
    EXPECT_EQ(file[active], "0") << active;
  for (const unsigned password : {734, 506, 606, 1706, 1806, 24130, 24131, 24135, 24139})
    EXPECT_EQ(file[password], "") << password;
  for (const unsigned none : {701, 24100, 24140, 24080}) EXPECT_NE(file[none], "0") << none;
}

TEST(Htek, NumbersItsKeys) {
  auto view = occupied_view(Vendor::htek, "UC926");
  view.keys.assign(60, {KeyType::blf, "102", "Bob"});
  view.pickup_code = "*20*";
  const File file{view};
  EXPECT_EQ(file[41200], "2");  // Log out
  EXPECT_EQ(file[41300], "*77*5*");
  EXPECT_EQ(file[41400], "Log out");
  EXPECT_EQ(file[41600], "");
  EXPECT_EQ(file[41201], "1");  // line
  EXPECT_EQ(file[41203], "3");
  EXPECT_EQ(file[41303], "102");
  EXPECT_EQ(file[41603], "*20*");
  EXPECT_EQ(file[20200], "3");  // the fifth
  EXPECT_EQ(file[20201], "102");
  EXPECT_EQ(file[20355], "3");  // the 36th and last
  EXPECT_EQ(file[20359], "*20*");
  EXPECT_EQ(file[20360], "0");  // an account
}

TEST(Htek, EmptiesEveryKeyOfEachModelAndOfItsModules) {
  for (const auto& model : provisioner().models().all()) {
    if (model.vendor != Vendor::htek) continue;
    const File file{idle_view(Vendor::htek, model.name)};
    std::size_t keys = 0, on_modules = 0;
    const auto is = [&](unsigned number) { return file[number] != "(none)"; };
    for (unsigned n = 41200; n < 41204; ++n) keys += is(n) ? 1 : 0;
    for (unsigned n = 20200; n < 20360; n += 5) keys += is(n) ? 1 : 0;
    for (unsigned module = 60000; module < 70000; module += 1000)
      for (unsigned n = module; n < module + 1000; n += 5) on_modules += is(n) ? 1 : 0;
    EXPECT_EQ(keys, model.keys) << model.name;
    EXPECT_EQ(on_modules, model.modules * model.module_keys) << model.name;
    EXPECT_EQ(is(65195), model.modules == 6) << model.name;
  }
}

TEST(Htek, IsToldItsTimeZoneByNumberAndItsRule) {
  const auto zone = [](int minutes, std::optional<ClockChanges> changes) {
    auto view = idle_view(Vendor::htek);
    view.utc_offset_minutes = minutes;
    view.clock_changes = changes;
    return File{view};
  };
  const auto berlin = zone(60, ClockChanges{{3, 5, 7, 2}, {10, 5, 7, 3}, 60});
  EXPECT_EQ(berlin[64], "49");
  EXPECT_EQ(berlin[75], "1");
  EXPECT_EQ(berlin[23118] + "/" + berlin[23119] + "/" + berlin[23120] + "/" + berlin[23121], "3/5/0/2");
  EXPECT_EQ(berlin[23122] + "/" + berlin[23123] + "/" + berlin[23124] + "/" + berlin[23125], "10/5/0/3");
  const auto kolkata = zone(330, std::nullopt);
  EXPECT_EQ(kolkata[64], "84");
  EXPECT_EQ(kolkata[75], "0");
  EXPECT_EQ(zone(345, std::nullopt)[64], "84");    // Kathmandu: the half hour before
  EXPECT_EQ(zone(-720, std::nullopt)[64], "105");  // west of all that it has
  EXPECT_EQ(zone(840, std::nullopt)[64], "104");
}

// Older firmware asks for nothing more once it has got the file of its model.
TEST(Htek, GetsNothingUnderItsModelsName) {
  const auto mac = Mac::parse("001fc1112233");
  EXPECT_EQ(resolve(Vendor::htek, "cfg001fc1112233.xml"), (FileName{FileKind::device_config, mac}));
  EXPECT_EQ(resolve(Vendor::htek, "cfg001FC1112233"), (FileName{FileKind::device_probe, mac}));
  EXPECT_EQ(resolve(Vendor::htek, "001fc1112233.cfg"), (FileName{FileKind::device_probe, mac}));
  for (const auto* name : {"cfg0010.xml", "cfg0012.xml", "cfg000000000.xml", "factory0010.bin", "cfg.xml"})
    EXPECT_EQ(resolve(Vendor::htek, name).kind, FileKind::other) << name;
  EXPECT_EQ(resolve(Vendor::htek, "fw926M.rom").kind, FileKind::firmware);
}

TEST(Htek, ChangesThePasswordOfEachLogInThatShipsWithAKnownOne) {
  auto view = idle_view(Vendor::htek);
  view.admin_password = Secret{"k3Jx9Qm2Zr7Tw5Yb"};
  const File file{view};
  for (const auto* name : {"P2", "P196", "VarPassword"}) EXPECT_EQ(file[name], "k3Jx9Qm2Zr7Tw5Yb") << name;
}

}  // namespace
}  // namespace roamdesk::provisioning
