#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/phones/model.hpp"
#include "exchange/provisioning/key_layout.hpp"
#include "exchange/provisioning/own_lines.hpp"
#include "exchange/provisioning/phone_view.hpp"

namespace roamdesk::provisioning {

// Template sources by vendor: "yealink" -> the text of yealink.tpl. files/files.hpp loads them.
using TemplateTexts = std::map<std::string, std::string>;

struct ConfigFile {
  std::string content_type;
  std::string body;
  std::vector<std::size_t> own{};  // its lines that are an administrator's own, from 1
};

// Models and templates. Constant once made: any thread may render (the worker pool does).
class Provisioner {
 public:
  // Throws std::invalid_argument with a sentence that names the vendor and the fault of its template.
  Provisioner(phones::ModelList models, const TemplateTexts& templates);
  ~Provisioner();
  Provisioner(Provisioner&&) noexcept;
  Provisioner& operator=(Provisioner&&) noexcept;

  const phones::ModelList& models() const { return models_; }

  // The phone's complete configuration. Pure; the vendor must be a supported one.
  // Lines of an administrator's own that aren't grammatical, or don't go in, are left out.
  ConfigFile render(const PhoneView& view) const;
  // The same for people to read: secrets, the URL's token among them, are "***".
  ConfigFile render_for_people(PhoneView view) const;
  // What is wrong with lines of an administrator's own for a model, or for all of a vendor's (""); nullopt if nothing
  // is. The vendor must be a supported one.
  std::optional<OwnFault> fault_of_own(phones::Vendor vendor, std::string_view model, std::string_view text) const;
  // A file in the vendor's grammar that does nothing but set the tokenised URL (DHCP option 66).
  ConfigFile render_redirect(const PhoneView& view) const;
  // A file that does nothing but to name the phone's own one, and its firmware ("" for none); its vendor must have such
  // files (Grammar::index_file).
  ConfigFile render_index(phones::Vendor vendor, const Mac& mac, std::string_view firmware) const;
  // What names the phone's firmware where its configuration names this; nullopt for vendors that need none, and where
  // it isn't the phone's turn.
  std::optional<ConfigFile> render_firmware_note(const PhoneView& view) const;
  // A valid file that says nothing.
  ConfigFile render_empty(phones::Vendor vendor) const;

 private:
  struct Parsed;
  ConfigFile plain(const PhoneView& view) const;
  phones::ModelList models_;
  std::unique_ptr<Parsed> parsed_;
};

// What goes into the PnP NOTIFY: the directory with a trailing '/', or the whole file for models that want it.
std::string pnp_url(const PhoneView& view);

}  // namespace roamdesk::provisioning
