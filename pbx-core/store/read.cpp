#include "pbx-core/store/read.hpp"

#include <algorithm>
#include <functional>
#include <limits>

#include "pbx-core/store/rows.hpp"
#include "pbx-core/store/setting_rows.hpp"

namespace roamdesk::store {
namespace {

// Earlier versions took codecs without G.711, which leave a desk without calls.
void mend(DeskOptions& options) {
  const auto has = [&](const char* name) {
    return std::find(options.codecs.begin(), options.codecs.end(), name) != options.codecs.end();
  };
  if (!has("PCMA") && !has("PCMU")) options.codecs.clear();
}

// Newest first, one more than `limit` asked for: then there is a next page.
template <class Record>
Page<Record> page_of(soci::session& sql, const std::string& where, std::vector<Bind> binds, std::size_t limit) {
  Page<Record> page;
  binds.emplace_back(static_cast<long long>(limit + 1));
  select<Record>(sql, where + " ORDER BY id DESC LIMIT :l", binds, [&](Record record) {
    if (page.records.size() < limit) {
      page.records.push_back(std::move(record));
      return true;
    }
    page.next = page.records.back().id;
    return false;
  });
  return page;
}

// For LIKE … ESCAPE '\': what it would take for a wildcard stands for itself.
std::string like_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// " AND (<condition> OR …)" with a bind for each site; "" for none.
std::string at_sites(const std::vector<std::string>& sites, const std::string& begin, const std::string& end,
                     const std::function<std::string(const std::string&)>& bound, std::vector<Bind>& binds) {
  std::string any;
  for (std::size_t i = 0; i < sites.size(); ++i) {
    any.append(i ? " OR " : " AND (").append(begin).append(":site").append(std::to_string(i)).append(end);
    binds.emplace_back(bound(sites[i]));
  }
  return any.empty() ? any : any + ")";
}

constexpr long long unbounded = std::numeric_limits<std::int64_t>::max();

}  // namespace

Snapshot read_all(soci::session& sql) {
  Snapshot all;
  all.extensions = select_all<Extension>(sql);
  all.desks = select_all<HotDesk>(sql);
  for (HotDesk& desk : all.desks) mend(desk.options);
  all.phones = select_all<Phone>(sql);
  std::apply([&sql]<class... R>(std::vector<R>&... records) { ((records = select_all<R>(sql)), ...); }, all.plain);
  all.sessions = select_all<Session>(sql);
  all.old_credentials = select_all<OldCredentials>(sql);
  all.bindings = select_all<StoredBinding>(sql);
  all.dialogs = select_all<StoredDialog>(sql);
  all.users = select_all<User>(sql);
  all.tokens = select_all<ApiToken>(sql);
  all.pin_failures = select_all<PutPinFailures>(sql);
  all.settings = read_settings(sql);
  long long highest = 0;
  sql << "SELECT coalesce(max(value), 0) FROM counters WHERE name = 'desk'", soci::into(highest);
  all.highest_desk_number = static_cast<std::uint32_t>(highest);
  return all;
}

std::int64_t last_audit_id(soci::session& sql) {
  long long last = 0;
  sql << "SELECT coalesce(max(id), 0) FROM audit", soci::into(last);
  return last;
}

AuditPage read_audit(soci::session& sql, const AuditQuery& query) {
  const std::string dotted = query.action + ".";
  std::vector<Bind> binds{static_cast<long long>(query.before.value_or(unbounded)),
                          query.since ? to_ms(*query.since) : 0LL,
                          query.until ? to_ms(*query.until) : unbounded,
                          query.action,
                          query.action,
                          static_cast<long long>(dotted.size()),
                          dotted,
                          query.subject,
                          query.subject,
                          query.actor,
                          query.actor};
  const auto sites = at_sites(
      query.sites, "site = ", "", [](const std::string& site) { return site; }, binds);
  return page_of<AuditRecord>(
      sql,
      "WHERE id < :b AND at_ms >= :f AND at_ms < :u AND (:a = '' OR action = :a2 OR substr(action, 1, :n) = :a3)"
      " AND (:s = '' OR subject = :s2) AND (:w = '' OR actor = :w2)" +
          sites,
      std::move(binds), std::clamp<std::size_t>(query.limit, 1, 1000));
}

CallPage read_call_records(soci::session& sql, const CallQuery& query) {
  const std::string outcome{query.outcome ? word_of(*query.outcome) : std::string_view{}};
  const std::string logged_in = "*%*" + like_text(query.extension) + "*";
  const std::string text = "%" + like_text(query.text) + "%";
  std::vector<Bind> binds{static_cast<long long>(query.before.value_or(unbounded)),
                          query.since ? to_ms(*query.since) : 0LL,
                          query.until ? to_ms(*query.until) : unbounded,
                          query.extension,
                          query.extension,
                          query.extension,
                          logged_in,
                          outcome,
                          outcome,
                          query.text,
                          text,
                          text,
                          text,
                          text};
  const auto sites = at_sites(
      query.sites, "sites LIKE ", " ESCAPE '\\'", [](const std::string& site) { return "%," + like_text(site) + ",%"; },
      binds);
  return page_of<CallRecord>(sql,
                             "WHERE id < :b AND started >= :s AND started < :u"
                             " AND (:x = '' OR from_number = :x2 OR to_number = :x3"
                             " OR to_number LIKE :x4 ESCAPE '\\')"
                             " AND (:o = '' OR outcome = :o2)"
                             " AND (:t = '' OR from_number LIKE :t2 ESCAPE '\\' OR from_name LIKE :t3 ESCAPE '\\'"
                             " OR to_number LIKE :t4 ESCAPE '\\' OR to_name LIKE :t5 ESCAPE '\\')" +
                                 sites,
                             std::move(binds), std::clamp<std::size_t>(query.limit, 1, 50'000));
}

}  // namespace roamdesk::store
