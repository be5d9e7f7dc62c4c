#pragma once
#include <algorithm>
#include <boost/unordered/unordered_flat_set.hpp>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "exchange/model/changes.hpp"
#include "exchange/model/records.hpp"

namespace roamdesk {

// The records that last, in memory: what the signalling thread decides by. It only ever changes by apply() of what the
// store has committed, so that memory never says what a crash could take back.
class Directory {
 public:
  Directory() = default;
  // Its indices point into it.
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  void apply(Change change);
  void apply(Changes changes);
  // At the start: credentials that had ended before.
  void restore(OldCredentials old);
  void restore_highest_desk_number(std::uint32_t number) { highest_desk_ = std::max(highest_desk_, number); }

  const std::map<ExtensionNumber, Extension>& extensions() const { return extensions_; }
  const std::map<HotDeskId, HotDesk>& desks() const { return desks_; }
  const std::map<Mac, Phone>& phones() const { return phones_; }
  // The records of a type in PlainRecords, by their key.
  template <class R>
  const std::map<KeyOf<R>, R>& all() const {
    return std::get<std::map<KeyOf<R>, R>>(plain_);
  }
  const std::map<std::string, Sbc>& sbcs() const { return all<Sbc>(); }
  const std::map<HotDeskId, Session>& sessions() const { return sessions_; }
  const std::map<std::string, User>& users() const { return users_; }
  const std::map<std::string, ApiToken>& tokens() const { return tokens_; }
  const std::list<OldCredentials>& old_credentials() const { return old_; }  // the oldest first
  const std::map<ExtensionNumber, std::vector<PinFailures>>& pin_failures() const { return pin_failures_; }
  const std::optional<Settings>& settings() const { return settings_; }

  const Extension* extension(const ExtensionNumber& number) const;
  const HotDesk* desk(const HotDeskId& id) const;
  const HotDesk* desk_of(const Mac& mac) const;
  const Phone* phone(const Mac& mac) const;
  // Whose provisioning token this is.
  const Phone* phone_by_token(std::string_view token) const;
  const Sbc* sbc(const std::string& name) const;
  const Session* session_at(const HotDeskId& desk) const;
  const Session* session_of(const ExtensionNumber& extension) const;
  // The dedicated phones of an extension.
  std::vector<const Phone*> phones_of(const ExtensionNumber& extension) const;
  // "HD0001" upwards; a number is never given twice (contract §1).
  HotDeskId next_desk_id() const;

  // What a digest user is; exactly one is set, or none for an unknown user.
  struct Identity {
    const HotDesk* idle_desk = nullptr;
    const Session* session = nullptr;
    const OldCredentials* old = nullptr;
    const Phone* phone = nullptr;
  };
  Identity identity(std::string_view digest_user) const;

 private:
  // What each kind of change does.
  struct Applying;
  // Phones by a text of their own: the index holds no second one.
  template <auto text_of>
  struct PhoneText {
    using is_transparent = void;
    static const PackedText& of(const Phone* phone) { return text_of(*phone); }
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    std::size_t operator()(const Phone* phone) const { return (*this)(of(phone).str()); }
    bool operator()(const Phone* a, const Phone* b) const { return of(a) == of(b); }
    bool operator()(const Phone* phone, std::string_view text) const { return of(phone) == text; }
    bool operator()(std::string_view text, const Phone* phone) const { return of(phone) == text; }
  };
  template <class Text>
  using PhonesBy = boost::unordered_flat_set<const Phone*, Text, Text>;
  static const PackedText& user_of(const Phone& phone) { return phone.credentials->user; }
  static const PackedText& token_of(const Phone& phone) { return phone.token; }

  struct ByExtension {
    using is_transparent = void;
    static auto key(const Phone* phone) { return std::tie(*phone->extension, phone->mac); }
    bool operator()(const Phone* a, const Phone* b) const { return key(a) < key(b); }
    bool operator()(const Phone* a, const ExtensionNumber& b) const { return *a->extension < b; }
    bool operator()(const ExtensionNumber& a, const Phone* b) const { return a < *b->extension; }
  };

  void index(const Phone& phone);
  void unindex(const Phone& phone);
  template <class Which>
  void forget_old(const Which& which);

  std::map<ExtensionNumber, Extension> extensions_;
  std::map<HotDeskId, HotDesk> desks_;
  std::unordered_map<Mac, HotDeskId> desk_by_mac_;
  std::unordered_map<std::string, HotDeskId> desk_by_idle_user_;
  std::map<Mac, Phone> phones_;
  template <class List>
  struct TablesOf;
  template <class... R>
  struct TablesOf<Records<R...>> {
    using type = std::tuple<std::map<KeyOf<R>, R>...>;
  };
  TablesOf<PlainRecords>::type plain_;
  std::map<HotDeskId, Session> sessions_;  // by desk: it has at most one
  std::unordered_map<ExtensionNumber, HotDeskId> session_by_extension_;
  std::unordered_map<std::string, HotDeskId> session_by_user_;
  PhonesBy<PhoneText<user_of>> phone_by_user_;
  PhonesBy<PhoneText<token_of>> phone_by_token_;
  std::set<const Phone*, ByExtension> phones_by_extension_;
  std::list<OldCredentials> old_;
  std::unordered_map<std::string, std::list<OldCredentials>::iterator> old_by_user_;
  std::map<ExtensionNumber, std::vector<PinFailures>> pin_failures_;
  std::map<std::string, User> users_;
  std::map<std::string, ApiToken> tokens_;
  std::optional<Settings> settings_;
  std::uint32_t highest_desk_ = 0;
};

}  // namespace roamdesk
