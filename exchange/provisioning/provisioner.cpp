#include "exchange/provisioning/provisioner.hpp"

#include <ctemplate/template.h>
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <stdexcept>

#include "common/phones/vendor_facts.hpp"
#include "exchange/provisioning/dictionary.hpp"
#include "exchange/provisioning/file_names.hpp"

namespace roamdesk::provisioning {
namespace {

using phones::Vendor;

ConfigFile file_of(Vendor vendor, std::string body) {
  return {std::string{phones::grammar_of(vendor).content_type}, std::move(body)};
}

}  // namespace

struct Provisioner::Parsed {
  std::map<Vendor, std::unique_ptr<ctemplate::Template>> templates;
};

namespace {

// A template of an administrator's own may be older than a function: a key of it would keep what the last person had.
phones::ModelList as_templates_know(const phones::ModelList& models, const TemplateTexts& templates) {
  constexpr std::string_view sections[] = {"{{#DND}}", "{{#HOLD}}", "{{#TRANSFER}}", "{{#FORWARD}}",
                                           "{{#VOICEMAIL_KEY}}"};
  static_assert(std::size(sections) == words<phones::KeyFunction>.size());
  auto known = models.all();
  for (auto& model : known) {
    const auto text = templates.find(std::string{phones::to_string(model.vendor)});
    if (text == templates.end()) continue;
    std::erase_if(model.key_functions, [&](phones::KeyFunction function) {
      return text->second.find(sections[static_cast<std::size_t>(function)]) == std::string::npos;
    });
  }
  return phones::ModelList{std::move(known)};
}

}  // namespace

Provisioner::Provisioner(phones::ModelList models, const TemplateTexts& templates)
    : models_(as_templates_know(models, templates)), parsed_(std::make_unique<Parsed>()) {
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
  for (const auto vendor : phones::supported_vendors())
    if (!parsed_->templates.contains(vendor))
      throw std::invalid_argument("template " + std::string{phones::to_string(vendor)} + ".tpl: it is missing");
}

Provisioner::~Provisioner() = default;
Provisioner::Provisioner(Provisioner&&) noexcept = default;
Provisioner& Provisioner::operator=(Provisioner&&) noexcept = default;

namespace {

// `hidden`: no secrets in them.
OwnLines own_lines_of(const PhoneView& view, bool hidden) {
  OwnLines all;
  for (const auto& text : view.own_lines) {
    const auto read = read_own_lines(view.model.vendor, text);
    if (const auto* lines = std::get_if<OwnLines>(&read))
      all = unite(view.model.vendor, all, fit_for(view.model, *lines));
  }
  return hidden ? without_secrets(view.model.vendor, std::move(all)) : all;
}

ConfigFile with_own(ConfigFile file, phones::Vendor vendor, const OwnLines& lines) {
  if (lines.empty()) return file;
  auto merged = merge(vendor, file.body, lines);
  if (auto* done = std::get_if<Merged>(&merged)) {
    file.body = std::move(done->text);
    file.own = std::move(done->own);
  }
  return file;
}

}  // namespace

ConfigFile Provisioner::render(const PhoneView& view) const {
  return with_own(plain(view), view.model.vendor, own_lines_of(view, false));
}

ConfigFile Provisioner::render_for_people(PhoneView view) const {
  const auto hide = [](Secret& secret) {
    if (!secret.reveal().empty()) secret = Secret{"***"};
  };
  hide(view.account.password);
  hide(view.admin_password);
  if (!view.token.empty()) view.token = "***";
  return with_own(plain(view), view.model.vendor, own_lines_of(view, true));
}

std::optional<OwnFault> Provisioner::fault_of_own(Vendor vendor, std::string_view name, std::string_view text) const {
  const auto read = read_own_lines(vendor, text);
  if (const auto* fault = std::get_if<OwnFault>(&read)) return *fault;
  const auto& lines = std::get<OwnLines>(read);
  std::vector<std::string_view> tried;  // dialects: within one, all files have the same shape
  for (const auto& model : models_.all()) {
    if (model.vendor != vendor || (!name.empty() && model.name != name)) continue;
    if (const auto* unfit = name.empty() ? nullptr : unfit_for(model, lines))
      return OwnFault{unfit->line, fmt::format("line {}: {} isn't known by this model", unfit->line, unfit->name)};
    if (std::find(tried.begin(), tried.end(), model.dialect) != tried.end()) continue;
    tried.push_back(model.dialect);
    PhoneView view{.model = model, .mac = *Mac::parse("000000000000")};
    const auto merged = merge(vendor, plain(view).body, fit_for(model, lines));
    if (const auto* fault = std::get_if<OwnFault>(&merged)) return *fault;
  }
  return std::nullopt;
}

ConfigFile Provisioner::plain(const PhoneView& view) const {
  const auto found = parsed_->templates.find(view.model.vendor);
  assert(found != parsed_->templates.end());
  ctemplate::TemplateDictionary dictionary{"phone"};
  fill(dictionary, view);
  auto file = file_of(view.model.vendor, {});
  found->second->Expand(&file.body, &dictionary);
  return file;
}

ConfigFile Provisioner::render_redirect(const PhoneView& view) const {
  const auto vendor = view.model.vendor;
  return file_of(vendor,
                 (*phones::grammar_of(vendor).redirect)({directory_url(view), pnp_url(view), view.model.dialect}));
}

ConfigFile Provisioner::render_index(Vendor vendor, const Mac& mac, std::string_view firmware) const {
  const auto write = *phones::grammar_of(vendor).index_file;
  assert(write != nullptr);
  return file_of(vendor, write(mac, firmware));
}

std::optional<ConfigFile> Provisioner::render_firmware_note(const PhoneView& view) const {
  const auto write = *phones::grammar_of(view.model.vendor).firmware.note;
  const auto url = firmware_url(view);
  if (write == nullptr || url.empty()) return std::nullopt;
  auto file = file_of(view.model.vendor, write(url, view.firmware_version));
  if (!file.body.starts_with("<")) file.content_type = "text/plain; charset=utf-8";
  return file;
}

ConfigFile Provisioner::render_empty(Vendor vendor) const {
  return file_of(vendor, std::string{phones::grammar_of(vendor).nothing});
}

std::string pnp_url(const PhoneView& view) {
  const auto directory = directory_url(view);
  return view.model.wants_directory_url ? directory : directory + config_file_name(view.model, view.mac);
}

}  // namespace roamdesk::provisioning
