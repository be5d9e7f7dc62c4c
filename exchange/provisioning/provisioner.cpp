#include "exchange/provisioning/provisioner.hpp"

#include <ctemplate/template.h>

#include <cassert>
#include <stdexcept>

#include "exchange/provisioning/dictionary.hpp"
#include "exchange/provisioning/file_names.hpp"
#include "exchange/provisioning/text.hpp"

namespace roamdesk::provisioning {
namespace {

using phones::Vendor;

std::string content_type_of(Vendor vendor) {
  return vendor == Vendor::yealink ? "text/plain; charset=utf-8" : "text/xml; charset=utf-8";
}

constexpr std::string_view xml_head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
constexpr std::string_view yealink_head = "#!version:1.0.0.1\n";  // exactly this first line (reference §5.3)

}  // namespace

struct Provisioner::Parsed {
  std::map<Vendor, std::unique_ptr<ctemplate::Template>> templates;
};

Provisioner::Provisioner(phones::ModelList models, const TemplateTexts& templates)
    : models_(std::move(models)), parsed_(std::make_unique<Parsed>()) {
  for (const auto& [name, text] : templates) {
    const auto vendor = phones::parse_vendor(name);
    if (!phones::is_supported(vendor))
      throw std::invalid_argument("template " + name + ".tpl: not a vendor that can be provisioned");
    std::unique_ptr<ctemplate::Template> parsed{
        ctemplate::Template::StringToTemplate(text, ctemplate::STRIP_BLANK_LINES)};
    if (!parsed || parsed->state() != ctemplate::TS_READY)
      throw std::invalid_argument("template " + name + ".tpl: it doesn't parse; is there a section that doesn't end?");
    parsed_->templates.emplace(vendor, std::move(parsed));
  }
  for (const auto vendor : {Vendor::yealink, Vendor::snom, Vendor::fanvil, Vendor::grandstream})
    if (!parsed_->templates.contains(vendor))
      throw std::invalid_argument("template " + std::string{phones::to_string(vendor)} + ".tpl: it is missing");
}

Provisioner::~Provisioner() = default;
Provisioner::Provisioner(Provisioner&&) noexcept = default;
Provisioner& Provisioner::operator=(Provisioner&&) noexcept = default;

ConfigFile Provisioner::render(const PhoneView& view) const {
  const auto found = parsed_->templates.find(view.model.vendor);
  assert(found != parsed_->templates.end());
  ctemplate::TemplateDictionary dictionary{"phone"};
  fill(dictionary, view);
  ConfigFile file{content_type_of(view.model.vendor), {}};
  found->second->Expand(&file.body, &dictionary);
  return file;
}

ConfigFile Provisioner::render_redirect(const PhoneView& view) const {
  const auto vendor = view.model.vendor;
  const auto url = directory_url(view);
  ConfigFile file{content_type_of(vendor), std::string{vendor == Vendor::yealink ? yealink_head : xml_head}};
  switch (vendor) {
    case Vendor::yealink:
      file.body += "static.auto_provision.server.url = " + url + "\nstatic.auto_provision.repeat.enable = 1\n" +
                   "static.auto_provision.repeat.minutes = 60\n";
      break;
    case Vendor::snom:
      file.body += "<setting-files>\n <file url=\"" + escape_xml(pnp_url(view)) + "\"/>\n</setting-files>\n";
      break;
    case Vendor::fanvil:
      file.body += "<sysConf>\n <Version>2.0000000000</Version>\n <ap>\n  <FlashServerIP>" + escape_xml(url) +
                   "</FlashServerIP>\n  <FlashFileName>$mac.cfg</FlashFileName>\n  <FlashProtocol>4</FlashProtocol>\n" +
                   "  <FlashMode>1</FlashMode>\n </ap>\n</sysConf>\n";
      break;
    case Vendor::grandstream:
      // Old firmware takes P-values only (reference §5.3), and all take these two.
      file.body += "<gs_provision version=\"1\">\n <config version=\"1\">\n  <P212>1</P212>\n  <P237>" +
                   escape_xml(url.substr(7, url.size() - 8)) + "</P237>\n </config>\n</gs_provision>\n";
      break;
    case Vendor::unknown:
    case Vendor::htek:
    case Vendor::poly:
    case Vendor::cisco:
    case Vendor::gigaset:
      assert(false);
      break;
  }
  return file;
}

ConfigFile Provisioner::render_empty(Vendor vendor) const {
  ConfigFile file{content_type_of(vendor), std::string{vendor == Vendor::yealink ? yealink_head : xml_head}};
  if (vendor == Vendor::snom) file.body += "<settings>\n <phone-settings/>\n</settings>\n";
  if (vendor == Vendor::fanvil) file.body += "<sysConf>\n <Version>2.0000000000</Version>\n</sysConf>\n";
  if (vendor == Vendor::grandstream)
    file.body += "<gs_provision version=\"1\">\n <config version=\"1\"/>\n</gs_provision>\n";
  return file;
}

std::string pnp_url(const PhoneView& view) {
  const auto directory = directory_url(view);
  return view.model.wants_directory_url ? directory : directory + config_file_name(view.model, view.mac);
}

}  // namespace roamdesk::provisioning
