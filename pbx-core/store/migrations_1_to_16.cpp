#include "pbx-core/store/migrations.hpp"

namespace roamdesk::store {
namespace {

// The SQL stays within what SQLite and PostgreSQL both take. Times are milliseconds since 1970 in UTC; booleans are 0
// and 1; lists that no query asks for by content (keys, options) are JSON text. The constraints are the last line of
// defence: what they refuse is a bug above, and never becomes a state on disk.
const std::vector<std::string> first = {
    "CREATE TABLE extensions ("
    " number VARCHAR(15) PRIMARY KEY CHECK (length(number) BETWEEN 1 AND 15 AND trim(number, '0123456789') = ''),"
    " name TEXT NOT NULL,"
    // A PIN never gets here in the clear.
    " pin_hash TEXT NOT NULL CHECK (pin_hash LIKE 'scrypt$%'),"
    " hot_desking INTEGER NOT NULL CHECK (hot_desking IN (0, 1)),"
    " key_list TEXT NOT NULL)",

    "CREATE TABLE sbcs ("
    " name VARCHAR(64) PRIMARY KEY CHECK (name <> '' AND name <> 'local'),"
    " time_zone TEXT NOT NULL,"
    " certificate_serial TEXT NOT NULL,"
    " enrolment_secret_hash TEXT NOT NULL,"
    " enrolment_until BIGINT)",

    // A desk stands at the site `local` (no sbc) or at an SBC that exists.
    "CREATE TABLE desks ("
    " id VARCHAR(16) PRIMARY KEY CHECK (id LIKE 'HD____%'),"
    " mac CHAR(12) NOT NULL UNIQUE CHECK (length(mac) = 12 AND mac = lower(mac)),"
    " vendor TEXT NOT NULL,"
    " model TEXT NOT NULL,"
    " sbc VARCHAR(64) REFERENCES sbcs (name),"
    " sbc_address TEXT,"
    " options TEXT NOT NULL,"
    " idle_user VARCHAR(64) NOT NULL UNIQUE CHECK (idle_user <> ''),"
    " idle_password TEXT NOT NULL CHECK (idle_password <> ''))",

    // One session a desk, one session an extension (under `refuse` the second is refused, under `move` the first is
    // ended in the same transaction), and none without its desk and its extension.
    "CREATE TABLE sessions ("
    " id VARCHAR(64) PRIMARY KEY CHECK (id <> ''),"
    " desk VARCHAR(16) NOT NULL UNIQUE REFERENCES desks (id),"
    " extension VARCHAR(15) NOT NULL UNIQUE REFERENCES extensions (number),"
    " digest_user VARCHAR(64) NOT NULL UNIQUE CHECK (digest_user <> ''),"
    " digest_password TEXT NOT NULL CHECK (digest_password <> ''),"
    " since BIGINT NOT NULL)",

    // No reference to the extension: its deletion must not strand a phone that still holds these.
    "CREATE TABLE old_credentials ("
    " digest_user VARCHAR(64) PRIMARY KEY,"
    " desk VARCHAR(16) NOT NULL REFERENCES desks (id) ON DELETE CASCADE,"
    " extension VARCHAR(15) NOT NULL,"
    " digest_password TEXT NOT NULL,"
    " ended BIGINT NOT NULL)",
    "CREATE INDEX old_credentials_desk ON old_credentials (desk)",

    "CREATE TABLE phones ("
    " mac CHAR(12) PRIMARY KEY CHECK (length(mac) = 12 AND mac = lower(mac)),"
    " vendor TEXT NOT NULL,"
    " model TEXT NOT NULL,"
    " firmware TEXT NOT NULL,"
    " address TEXT NOT NULL,"
    " site VARCHAR(64) NOT NULL,"
    " first_seen BIGINT NOT NULL,"
    " last_seen BIGINT NOT NULL,"
    " assigned INTEGER NOT NULL CHECK (assigned IN (0, 1)),"
    " extension VARCHAR(15) REFERENCES extensions (number),"
    " digest_user VARCHAR(64) UNIQUE,"
    " digest_password TEXT,"
    " token TEXT NOT NULL,"
    " window_until BIGINT,"
    " needs_restart INTEGER NOT NULL CHECK (needs_restart IN (0, 1)),"
    " CHECK (extension IS NULL OR assigned = 1),"
    " CHECK ((digest_user IS NULL) = (digest_password IS NULL)))",
    // A token belongs to one phone (contract §4).
    "CREATE UNIQUE INDEX phones_token ON phones (token) WHERE token <> ''",

    // Soft state, written behind: no references, so that it never holds anything up.
    "CREATE TABLE bindings ("
    " mac CHAR(12) NOT NULL,"
    " aor_user VARCHAR(64) NOT NULL,"
    " digest_user TEXT NOT NULL,"
    " contact TEXT NOT NULL,"
    " site VARCHAR(64) NOT NULL,"
    " transport TEXT NOT NULL CHECK (transport IN ('udp', 'tcp', 'tls')),"
    " face TEXT NOT NULL,"
    " peer TEXT NOT NULL,"
    " call_id TEXT NOT NULL,"
    " cseq BIGINT NOT NULL,"
    " user_agent TEXT NOT NULL,"
    " expires BIGINT NOT NULL,"
    " PRIMARY KEY (mac, aor_user))",

    "CREATE TABLE users ("
    " name VARCHAR(64) PRIMARY KEY CHECK (name <> ''),"
    " password_hash TEXT NOT NULL CHECK (password_hash LIKE 'scrypt$%'),"
    " role TEXT NOT NULL CHECK (role IN ('administrator', 'operator', 'reader')))",

    "CREATE TABLE tokens ("
    " id VARCHAR(64) PRIMARY KEY,"
    " name TEXT NOT NULL,"
    " user_name VARCHAR(64) NOT NULL REFERENCES users (name) ON DELETE CASCADE,"
    " token_hash CHAR(64) NOT NULL UNIQUE CHECK (length(token_hash) = 64),"
    " scope TEXT NOT NULL CHECK (scope IN ('administrator', 'operator', 'reader')),"
    " expires BIGINT)",

    // One row at most.
    "CREATE TABLE settings ("
    " id INTEGER PRIMARY KEY CHECK (id = 1),"
    " hot_desk_code TEXT NOT NULL CHECK (hot_desk_code <> ''),"
    " logout_code TEXT NOT NULL CHECK (logout_code <> '' AND logout_code <> hot_desk_code),"
    " automatic_logout TEXT,"
    " max_session BIGINT CHECK (max_session > 0),"
    " move_sessions INTEGER NOT NULL CHECK (move_sessions IN (0, 1)),"
    " emergency_numbers TEXT NOT NULL)",

    "CREATE TABLE audit ("
    " id BIGINT PRIMARY KEY,"
    " at_ms BIGINT NOT NULL,"
    " actor TEXT NOT NULL,"
    " origin TEXT NOT NULL,"
    " action TEXT NOT NULL,"
    " subject TEXT NOT NULL,"
    " detail TEXT NOT NULL)",

    "CREATE TABLE counters (name VARCHAR(32) PRIMARY KEY, value BIGINT NOT NULL)",
};

const std::vector<std::string> second = {
    "ALTER TABLE settings ADD COLUMN audit_days INTEGER NOT NULL DEFAULT 400",
    "CREATE INDEX audit_at ON audit (at_ms)",
    // No reference to the extension: a count that is written while its extension goes does no harm, and fails nothing.
    "CREATE TABLE pin_failures (extension VARCHAR(15) PRIMARY KEY, counts TEXT NOT NULL)",
    // Between a renewal and its first use the one column held both, the new one first.
    "ALTER TABLE sbcs ADD COLUMN next_certificate_serial TEXT NOT NULL DEFAULT ''",
    "UPDATE sbcs SET"
    " next_certificate_serial = trim(rtrim(certificate_serial, '0123456789abcdefABCDEF')),"
    " certificate_serial = trim(ltrim(certificate_serial, '0123456789abcdefABCDEF'))"
    " WHERE certificate_serial LIKE '% %'",
};

// Users can be switched off, and have a second factor. The secret is sealed: the database alone makes no codes.
const std::vector<std::string> third = {
    "ALTER TABLE users ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1))",
    "ALTER TABLE users ADD COLUMN totp_secret TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE users ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE users ADD COLUMN recovery_hashes TEXT NOT NULL DEFAULT '[]'",
};

// Names are those of the time of the call. No references: a record outlives whom it is about.
const std::vector<std::string> fourth = {
    "CREATE TABLE call_records ("
    " id INTEGER PRIMARY KEY,"
    " call_id TEXT NOT NULL,"
    " from_number TEXT NOT NULL,"
    " from_name TEXT NOT NULL,"
    " to_number TEXT NOT NULL,"
    " to_name TEXT NOT NULL,"
    " started BIGINT NOT NULL,"
    " answered BIGINT,"
    " ended BIGINT NOT NULL,"
    " outcome TEXT NOT NULL,"
    " from_site VARCHAR(64) NOT NULL,"
    " to_site VARCHAR(64) NOT NULL,"
    " from_desk VARCHAR(16) NOT NULL,"
    " to_desk VARCHAR(16) NOT NULL)",
    "CREATE INDEX call_records_started ON call_records (started)",
};

// Soft state, as bindings: what ends the calls that were up when the program ended.
const std::vector<std::string> fifth = {
    "CREATE TABLE dialogs ("
    " tag VARCHAR(64) PRIMARY KEY,"
    " device VARCHAR(12) NOT NULL,"
    " site VARCHAR(64) NOT NULL,"
    " transport VARCHAR(8) NOT NULL,"
    " face VARCHAR(64) NOT NULL,"
    " peer VARCHAR(64) NOT NULL,"
    " bye TEXT NOT NULL)",
};

// Of a call for help: where it came from, as JSON; "" for every other call.
const std::vector<std::string> sixth = {
    "ALTER TABLE call_records ADD COLUMN emergency TEXT NOT NULL DEFAULT ''",
};

// Who may fetch a phone's file, and by which tokens. Phones that were never assigned aren't kept any more.
const std::vector<std::string> seventh = {
    "ALTER TABLE phones ADD COLUMN window_taken INTEGER NOT NULL DEFAULT 0 CHECK (window_taken IN (0, 1))",
    "ALTER TABLE phones ADD COLUMN token_key TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE phones ADD COLUMN tokens_since BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE phones ADD COLUMN first_token TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE phones ADD COLUMN web_password TEXT NOT NULL DEFAULT ''",
    "DELETE FROM phones WHERE assigned = 0 AND token = ''",
};

// What an option of a desk said of encrypted media, which there isn't: the option goes. Within JSON a text's quotation
// marks are escaped, so that nothing else matches.
std::vector<std::string> eighth() {
  std::vector<std::string> statements;
  for (const std::string value : {"off", "optional", "required"}) {
    const std::string member = "\"srtp\":\"" + value + "\"";
    for (const std::string& part : {"," + member, member + ",", member})
      statements.push_back("UPDATE desks SET options = replace(options, '" + part + "', '')");
  }
  return statements;
}

// A row a setting, so that a new one needs no new column. "" for none; lists are JSON.
const std::vector<std::string> ninth = {
    "CREATE TABLE setting_values ("
    " name VARCHAR(64) PRIMARY KEY,"
    " value TEXT NOT NULL,"
    " CHECK (value <> '' OR name NOT IN ('codes.hot_desk', 'codes.logout')))",
    "INSERT INTO setting_values (name, value) SELECT 'codes.hot_desk', hot_desk_code FROM settings",
    "INSERT INTO setting_values (name, value) SELECT 'codes.logout', logout_code FROM settings",
    "INSERT INTO setting_values (name, value)"
    " SELECT 'hot_desk.automatic_logout', coalesce(automatic_logout, '') FROM settings",
    "INSERT INTO setting_values (name, value)"
    " SELECT 'hot_desk.max_session', coalesce(CAST(max_session AS TEXT), '') FROM settings",
    "INSERT INTO setting_values (name, value) SELECT 'hot_desk.when_already_logged_in',"
    " CASE move_sessions WHEN 1 THEN 'move' ELSE 'refuse' END FROM settings",
    "INSERT INTO setting_values (name, value) SELECT 'emergency.numbers', emergency_numbers FROM settings",
    "INSERT INTO setting_values (name, value) SELECT 'audit_days', CAST(audit_days AS TEXT) FROM settings",
    "DROP TABLE settings",
};

// A login at the desk where the person is already isn't counted; before, its text alone said so.
const std::vector<std::string> tenth = {
    "ALTER TABLE audit ADD COLUMN again INTEGER NOT NULL DEFAULT 0 CHECK (again IN (0, 1))",
    "UPDATE audit SET again = 1 WHERE action = 'login' AND (detail = 'again' OR detail LIKE '%, again')",
};

// Trunks, and who calls what through them. No references to sites and trunks: what stands in lists can't have them.
const std::vector<std::string> eleventh = {
    "ALTER TABLE extensions ADD COLUMN outside_number TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE extensions ADD COLUMN hide_number INTEGER NOT NULL DEFAULT 0 CHECK (hide_number IN (0, 1))",
    "ALTER TABLE extensions ADD COLUMN may_call TEXT NOT NULL DEFAULT '[\"national\",\"mobile\"]'",
    "CREATE TABLE trunks ("
    " name VARCHAR(64) PRIMARY KEY CHECK (name <> ''),"
    " enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),"
    " kind TEXT NOT NULL CHECK (kind IN ('registration', 'address')),"
    " site VARCHAR(64) NOT NULL,"
    " preset TEXT NOT NULL,"
    " domain TEXT NOT NULL,"
    " server TEXT NOT NULL,"
    " transport TEXT CHECK (transport IN ('udp', 'tcp', 'tls')),"
    " account TEXT NOT NULL,"
    " auth_user TEXT NOT NULL,"
    " contact_user TEXT NOT NULL,"
    " password TEXT NOT NULL,"
    " expires BIGINT NOT NULL,"
    " tls_name TEXT NOT NULL,"
    " tls_authority TEXT NOT NULL,"
    " sources TEXT NOT NULL,"
    " trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),"
    " country TEXT NOT NULL,"
    " area_code TEXT NOT NULL,"
    " called TEXT NOT NULL,"
    " caller TEXT NOT NULL,"
    " shown TEXT NOT NULL,"
    " from_is_account INTEGER NOT NULL CHECK (from_is_account IN (0, 1)),"
    " any_caller INTEGER NOT NULL CHECK (any_caller IN (0, 1)),"
    " main_number TEXT NOT NULL,"
    " forwarded TEXT NOT NULL,"
    " called_in TEXT NOT NULL,"
    " calls BIGINT NOT NULL,"
    " calls_reserved_in BIGINT NOT NULL,"
    " calls_per_hour BIGINT NOT NULL,"
    " minutes_per_hour BIGINT NOT NULL,"
    " countries TEXT NOT NULL,"
    " ping BIGINT NOT NULL,"
    " late_offers INTEGER NOT NULL CHECK (late_offers IN (0, 1)),"
    " reliable INTEGER NOT NULL CHECK (reliable IN (0, 1)))",
    "CREATE TABLE outbound_rules ("
    " name VARCHAR(64) PRIMARY KEY CHECK (name <> ''),"
    " position BIGINT NOT NULL,"
    " enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),"
    " pattern TEXT NOT NULL CHECK (pattern <> ''),"
    " sites TEXT NOT NULL,"
    " classes TEXT NOT NULL,"
    " trunks TEXT NOT NULL,"
    " trunk_order TEXT NOT NULL,"
    " strip BIGINT NOT NULL,"
    " prepend TEXT NOT NULL)",
    "CREATE TABLE inbound_numbers ("
    " first_number VARCHAR(20) PRIMARY KEY CHECK (first_number LIKE '+%'),"
    " last_number VARCHAR(20) NOT NULL CHECK (length(last_number) = length(first_number)),"
    " extension VARCHAR(15) NOT NULL,"
    " last_digits BIGINT NOT NULL CHECK ((last_digits = 0) = (extension <> '')))",
};

// The trunk by which a call came or went.
const std::vector<std::string> twelfth = {
    "ALTER TABLE call_records ADD COLUMN trunk TEXT NOT NULL DEFAULT ''",
};

// Where help is to come to, and who has which. No references, as with trunks; "" for none.
const std::vector<std::string> thirteenth = {
    "CREATE TABLE locations ("
    " name VARCHAR(64) PRIMARY KEY CHECK (name <> ''),"
    " address TEXT NOT NULL,"
    " note TEXT NOT NULL,"
    " trunks TEXT NOT NULL,"
    " callbacks TEXT NOT NULL,"
    " numbers TEXT NOT NULL,"
    " test_numbers TEXT NOT NULL,"
    " told TEXT NOT NULL,"
    " mails TEXT NOT NULL,"
    " web_hook TEXT NOT NULL,"
    " callback_window BIGINT NOT NULL CHECK (callback_window > 0))",
    "ALTER TABLE desks ADD COLUMN emergency_location VARCHAR(64) NOT NULL DEFAULT ''",
    "ALTER TABLE phones ADD COLUMN emergency_location VARCHAR(64) NOT NULL DEFAULT ''",
    "ALTER TABLE sbcs ADD COLUMN emergency_location VARCHAR(64) NOT NULL DEFAULT ''",
    "ALTER TABLE trunks ADD COLUMN geolocation INTEGER NOT NULL DEFAULT 0 CHECK (geolocation IN (0, 1))",
};

// Which desk a number that help calls back rings. No references: it outlasts its desk, location and trunk.
const std::vector<std::string> fourteenth = {
    "CREATE TABLE emergency_callbacks ("
    " number VARCHAR(32) PRIMARY KEY CHECK (number <> ''),"
    " trunk TEXT NOT NULL,"
    " location TEXT NOT NULL,"
    " desk VARCHAR(32) NOT NULL,"
    " phone VARCHAR(12) NOT NULL,"
    " contact TEXT NOT NULL,"
    " site VARCHAR(64) NOT NULL,"
    " transport VARCHAR(8) NOT NULL,"
    " face VARCHAR(32) NOT NULL,"
    " peer VARCHAR(32) NOT NULL,"
    " called BIGINT NOT NULL,"
    " rings_until BIGINT NOT NULL)",
};

// Calls for help, until they are acknowledged and after it.
const std::vector<std::string> fifteenth = {
    "CREATE TABLE emergencies ("
    " id VARCHAR(64) PRIMARY KEY CHECK (id <> ''),"
    " at_ms BIGINT NOT NULL,"
    " place TEXT NOT NULL,"
    " test INTEGER NOT NULL CHECK (test IN (0, 1)),"
    " routed INTEGER NOT NULL CHECK (routed IN (0, 1)),"
    " location TEXT NOT NULL,"
    " callback TEXT NOT NULL,"
    " acknowledged BIGINT,"
    " acknowledged_by TEXT NOT NULL,"
    " CHECK ((acknowledged IS NULL) = (acknowledged_by = '')))",
};

// Whether media is SRTP; NULL: as the site, or the setting, has it. An option of a desk stands among its options.
const std::vector<std::string> sixteenth = {
    "ALTER TABLE phones ADD COLUMN srtp TEXT CHECK (srtp IN ('off', 'optional', 'required'))",
    "ALTER TABLE sbcs ADD COLUMN srtp TEXT CHECK (srtp IN ('off', 'optional', 'required'))",
    "ALTER TABLE trunks ADD COLUMN srtp TEXT NOT NULL DEFAULT 'off' CHECK (srtp IN ('off', 'optional', 'required'))",
};

}  // namespace

std::vector<Migration> migrations_1_to_16() {
  return {{1, first},       {2, second},      {3, third},      {4, fourth},    {5, fifth},     {6, sixth},
          {7, seventh},     {8, eighth()},    {9, ninth},      {10, tenth},    {11, eleventh}, {12, twelfth},
          {13, thirteenth}, {14, fourteenth}, {15, fifteenth}, {16, sixteenth}};
}

}  // namespace roamdesk::store
