#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/base/text.hpp"
#include "common/phones/vendor_facts.hpp"
#include "exchange/provisioning/own_lines.hpp"
#include "exchange/provisioning/xml_pieces.hpp"

// What an administrator types as lines of their own: whatever it is, the phone's file is one as before, what Roamdesk
// holds in it is untouched, and what was typed stands in it as values and nothing else.
// The first byte says whose phone it is; the rest is what was typed, for the vendor and, behind a byte 1, for the
// model.
namespace {
using namespace roamdesk;
using namespace roamdesk::provisioning;
using phones::LinesForm;
using phones::Vendor;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Phone {
  Vendor vendor;
  std::string file;
};
const Phone fleet[] = {
    {Vendor::yealink,
     "#!version:1.0.0.1\naccount.1.password = held\nlang.gui = German\nlinekey.1.type = 13\nno.end = 1"},
    {Vendor::snom,
     "<?xml version=\"1.0\"?>\n<settings>\n <phone-settings>\n  <user_pass idx=\"1\" perm=\"R\">held</user_pass>\n"
     "  <language perm=\"R\">Deutsch</language>\n </phone-settings>\n <functionKeys/>\n</settings>\n"},
    {Vendor::fanvil,
     "<sysConf>\n<sip><line index=\"1\"><RegisterPswd>held</RegisterPswd></line></sip>\n"
     "<phone><display><LCDTitle>x</LCDTitle></display></phone><net/></sysConf>\n"},
    {Vendor::grandstream,
     "<gs_provision version=\"1\"><config version=\"2\">\n<item "
     "name=\"account.1.sip.subscriber.password\">held</item>\n"
     "<item name=\"language.gui\">de</item></config></gs_provision>"},
    {Vendor::grandstream,
     "<gs_provision version=\"1\">\n <config version=\"1\">\n  <P34>held</P34>\n  <P64>de</P64>\n </config>\n"
     "</gs_provision>\n"},
    {Vendor::htek,
     "<hl_provision version=\"1\">\n<config version=\"1\">\n<P34>held</P34>\n<P64>18</P64></config>\n</hl_provision>"},
    {Vendor::cisco, "<flat-profile>\n<Password_1_>held</Password_1_>\n<Time_Zone>GMT</Time_Zone>\n</flat-profile>\n"},
    {Vendor::poly,
     "<?xml version=\"1.0\"?>\n<roamdesk\n reg.1.auth.password=\"held\"\n lcl.ml.lang=\"German_Germany\"\n/>\n"},
    {Vendor::poly, "<roamdesk reg.1.auth.password=\"held\" lcl.ml.lang=\"German_Germany\"></roamdesk>"},
};

// What a phone makes of its file: each parameter's values.
using Values = std::multimap<std::string, std::string>;

void add_to(Values& values, const phones::OwnForm& form, const XmlElement& e, const std::string& path) {
  if (*form.form == LinesForm::attributes) {
    for (const auto& a : e.attributes) values.emplace(lowered(a.name), a.value);
    for (const auto& child : e.children) add_to(values, form, child, path);
    return;
  }
  std::string name = e.name, which;
  for (const auto& a : e.attributes) {
    if (e.name == "item" && a.name == *form.named_by) name = a.value;
    if (which.empty() && (a.name == "idx" || a.name == "index")) which = a.value;
  }
  name = lowered(path + name + " " + which);
  if (e.children.empty()) values.emplace(name, e.text);
  for (const auto& child : e.children) add_to(values, form, child, name + "/");
}

Values read_as_the_phone(const phones::OwnForm& form, const std::string& file) {
  Values values;
  if (*form.form == LinesForm::key_values) {
    for (std::size_t at = 0; at < file.size();) {
      const auto end = std::min(file.find('\n', at), file.size());
      const auto line = std::string_view{file}.substr(at, end - at);
      at = end + 1;
      if (line.empty() || line[0] == '#') continue;
      const auto equals = line.find(" = ");
      require(equals != std::string_view::npos || line.ends_with(" ="));
      const auto name_end = std::min(equals, line.size() - 2);
      values.emplace(lowered(line.substr(0, name_end)),
                     equals == std::string_view::npos ? "" : line.substr(equals + 3));
    }
    return values;
  }
  const auto read = read_xml(file, true);
  require(std::holds_alternative<std::vector<XmlElement>>(read));
  add_to(values, form, std::get<std::vector<XmlElement>>(read).front(), "");
  return values;
}

// Where it says that its elements are, they are.
void check(const XmlElement& e, std::string_view text, std::size_t depth) {
  require(depth <= most_deep && !e.name.empty());
  require(e.begin < e.tag_end && e.tag_end <= e.text_end && e.text_end <= e.end && e.end <= text.size());
  require(text[e.begin] == '<' && text.substr(e.begin + 1).starts_with(e.name) && text[e.end - 1] == '>');
  require(e.children.empty() || (e.text.empty() && !e.closes_itself));
  std::size_t at = e.begin;
  for (const auto& a : e.attributes) {
    require(a.begin > at && a.end <= e.tag_end && text.substr(a.begin).starts_with(a.name));
    at = a.end - 1;
  }
  at = e.tag_end;
  for (const auto& child : e.children) {
    require(child.begin > at && child.end <= e.text_end);
    at = child.end - 1;
    check(child, text, depth + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view all{reinterpret_cast<const char*>(data) + 1, size - 1}, typed = all.substr(0, all.find('\1'));
  const std::string_view more = all.substr(std::min(typed.size() + 1, all.size()));
  for (const bool whole : {false, true}) {
    const auto read = read_xml(typed, whole);
    if (const auto* elements = std::get_if<std::vector<XmlElement>>(&read))
      for (const auto& e : *elements) check(e, typed, 1);
    else
      require(std::get<XmlFault>(read).line >= 1 && !std::get<XmlFault>(read).what.empty());
  }
  const Phone& phone = fleet[data[0] % std::size(fleet)];
  const auto& form = phones::grammar_of(phone.vendor).own;
  const auto read = read_own_lines(phone.vendor, typed);
  if (const auto* fault = std::get_if<OwnFault>(&read)) {
    require(!fault->what.empty() && fault->line <= size + 1);
    return 0;
  }
  const auto& of_vendor = std::get<OwnLines>(read);
  require(unite(phone.vendor, of_vendor, of_vendor) == of_vendor);
  require(told(phone.vendor, without_secrets(phone.vendor, of_vendor)) == told(phone.vendor, of_vendor));
  const auto read_more = read_own_lines(phone.vendor, more);
  const auto* of_model = std::get_if<OwnLines>(&read_more);
  const OwnLines lines = of_model ? unite(phone.vendor, of_vendor, *of_model) : of_vendor;
  phones::Model model;
  model.vendor = phone.vendor;
  if (phone.file.find("<P34>") != std::string::npos && phone.vendor == Vendor::grandstream) model.dialect = "gxp17";
  const auto fit = fit_for(model, lines);
  require(unfit_for(model, fit) == nullptr);
  const auto merged = merge(phone.vendor, phone.file, fit);
  if (const auto* fault = std::get_if<OwnFault>(&merged)) {
    require(!fault->what.empty());
    return 0;
  }
  const auto& made = std::get<Merged>(merged);
  const Values before = read_as_the_phone(form, phone.file), after = read_as_the_phone(form, made.text);
  // What stood there stands there, but for what was typed, which is there once and was in no other place.
  std::size_t kept = 0;
  for (const auto& [name, value] : before) {
    require(after.count(name) == 1);
    kept += after.find(name)->second == value;
  }
  for (const auto& [name, value] : after) require(after.count(name) == 1);
  for (const auto& [name, value] : before)
    if (value == "held") require(after.find(name)->second == "held");
  require(kept + told(phone.vendor, fit).size() >= before.size());
  // Typed once more, it changes nothing.
  const auto again = merge(phone.vendor, made.text, fit);
  require(std::holds_alternative<Merged>(again));
  require(read_as_the_phone(form, std::get<Merged>(again).text) == after);
  std::size_t last = 0;
  for (const std::size_t line : made.own) {
    require(line > last && line <= 1 + static_cast<std::size_t>(std::count(made.text.begin(), made.text.end(), '\n')));
    last = line;
  }
  return 0;
}
