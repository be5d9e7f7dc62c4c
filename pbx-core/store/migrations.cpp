#include "pbx-core/store/migrations.hpp"

namespace roamdesk::store {
namespace {
// SQL as in migrations_1_to_16.cpp.
// Accounts of extensions at another exchange: a third kind of trunk, and what is an extension's of it.
const std::vector<std::string> seventeenth = {
    "ALTER TABLE trunks ADD COLUMN wider_kind TEXT NOT NULL DEFAULT 'registration'"
    " CHECK (wider_kind IN ('registration', 'address', 'accounts'))",
    "UPDATE trunks SET wider_kind = kind",
    "ALTER TABLE trunks DROP COLUMN kind",
    "ALTER TABLE trunks RENAME COLUMN wider_kind TO kind",
    "CREATE TABLE upstream_accounts ("
    " extension VARCHAR(15) PRIMARY KEY REFERENCES extensions(number),"
    " trunk VARCHAR(40) NOT NULL CHECK (trunk <> ''),"
    " enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),"
    " account TEXT NOT NULL CHECK (account <> ''),"
    " auth_user TEXT NOT NULL,"
    " password TEXT NOT NULL,"
    " registers TEXT NOT NULL)",
};

// How a site's phones fetch (NULL: as the setting has it), and how far each has come.
const std::vector<std::string> eighteenth = {
    "ALTER TABLE sbcs ADD COLUMN provisioning TEXT CHECK (provisioning IN ('http', 'https'))",
    "ALTER TABLE phones ADD COLUMN https TEXT NOT NULL DEFAULT 'none'"
    " CHECK (https IN ('none', 'authority', 'reached', 'settled', 'refused'))",
};

// What providers know a location by. These go into headers as they are: no control character, quotation mark or bracket
// gets here, within JSON not even escaped.
const std::vector<std::string> nineteenth = {
    "ALTER TABLE locations ADD COLUMN trunk_references TEXT NOT NULL DEFAULT '[]' CHECK (trim(trunk_references,"
    " '[]{}\",:abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+') = '')",
};

// What a change has made of its record; and who is asked for another password.
const std::vector<std::string> twentieth = {
    "ALTER TABLE audit ADD COLUMN changes TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE users ADD COLUMN must_change_password INTEGER NOT NULL DEFAULT 0"
    " CHECK (must_change_password IN (0, 1))",
};

// What is wrong, or was, and who is told of it. Of one kind and subject one alarm is open at most.
const std::vector<std::string> twenty_first = {
    "CREATE TABLE alarms ("
    " id VARCHAR(64) PRIMARY KEY CHECK (id <> ''),"
    " kind VARCHAR(32) NOT NULL CHECK (kind <> ''),"
    " severity VARCHAR(16) NOT NULL CHECK (severity IN ('notice', 'warning', 'critical')),"
    " subject TEXT NOT NULL,"
    " site VARCHAR(64) NOT NULL,"
    " detail TEXT NOT NULL,"
    " raised BIGINT NOT NULL,"
    " cleared BIGINT,"
    " acknowledged BIGINT,"
    " acknowledged_by TEXT NOT NULL,"
    " CHECK ((acknowledged IS NULL) = (acknowledged_by = '')))",
    "CREATE UNIQUE INDEX open_alarms ON alarms (kind, subject) WHERE cleared IS NULL",
    "CREATE TABLE alarm_receivers ("
    " name VARCHAR(40) PRIMARY KEY CHECK (name <> ''),"
    " way VARCHAR(16) NOT NULL CHECK (way IN ('mail', 'web_hook', 'syslog')),"
    " recipient TEXT NOT NULL CHECK (recipient <> ''),"
    " least VARCHAR(16) NOT NULL CHECK (least IN ('notice', 'warning', 'critical')),"
    " enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),"
    " signing_key TEXT NOT NULL,"
    " CHECK ((way = 'web_hook') = (signing_key <> '')))",
};

// The update of branches in waves, and how far each branch is. No references: a branch may be deleted meanwhile.
const std::vector<std::string> twenty_second = {
    "CREATE TABLE rollouts ("
    " id VARCHAR(32) PRIMARY KEY CHECK (length(id) = 32),"
    " started_by TEXT NOT NULL,"
    " started BIGINT NOT NULL,"
    " ended BIGINT,"
    " state VARCHAR(16) NOT NULL CHECK (state IN ('running', 'stopped', 'ended')),"
    " failed INTEGER NOT NULL CHECK (failed IN (0, 1)),"
    " why TEXT NOT NULL,"
    " wave VARCHAR(16) NOT NULL CHECK (wave IN ('one', 'tenth', 'rest')),"
    " versions TEXT NOT NULL,"
    " CHECK ((ended IS NULL) = (state <> 'ended')))",
    "CREATE TABLE rollout_branches ("
    " sbc VARCHAR(64) PRIMARY KEY CHECK (sbc <> ''),"
    " step VARCHAR(16) NOT NULL CHECK (step <> ''),"
    " wave VARCHAR(16) CHECK (wave IN ('one', 'tenth', 'rest')),"
    " from_version TEXT NOT NULL,"
    " to_version TEXT NOT NULL,"
    " why TEXT NOT NULL,"
    " since BIGINT,"
    " instance TEXT NOT NULL,"
    " phones TEXT NOT NULL)",
};

// Phones' firmware: the files' names (their bytes lie beside the database), what each model is to have, and each
// phone's turns at it.
const std::vector<std::string> twenty_third = {
    "CREATE TABLE firmware_files ("
    " sha256 VARCHAR(64) PRIMARY KEY CHECK (length(sha256) = 64),"
    " name VARCHAR(100) NOT NULL CHECK (name <> ''),"
    " vendor VARCHAR(32) NOT NULL CHECK (vendor <> ''),"
    " version VARCHAR(40) NOT NULL CHECK (version <> ''),"
    " models TEXT NOT NULL,"
    " bytes BIGINT NOT NULL CHECK (bytes > 0),"
    " added BIGINT NOT NULL)",
    "CREATE UNIQUE INDEX firmware_names ON firmware_files (vendor, version, name)",
    "CREATE TABLE firmware_pins ("
    " model VARCHAR(100) PRIMARY KEY CHECK (model <> ''),"
    " version VARCHAR(40) NOT NULL CHECK (version <> ''),"
    " window_from VARCHAR(5) NOT NULL,"
    " window_until VARCHAR(5) NOT NULL,"
    " also_in_use INTEGER NOT NULL CHECK (also_in_use IN (0, 1)),"
    " paused INTEGER NOT NULL CHECK (paused IN (0, 1)))",
    "CREATE TABLE firmware_turns ("
    " mac VARCHAR(12) PRIMARY KEY CHECK (length(mac) = 12),"
    " version VARCHAR(40) NOT NULL CHECK (version <> ''),"
    " tries INTEGER NOT NULL CHECK (tries >= 0),"
    " began BIGINT,"
    " ended BIGINT,"
    " fetched INTEGER NOT NULL CHECK (fetched IN (0, 1)))",
};

// Users may be bound to sites. What was written down of calls before says where its phones were but for a trunk's end.
const std::vector<std::string> twenty_fourth = {
    "ALTER TABLE users ADD COLUMN sites TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE audit ADD COLUMN site VARCHAR(64) NOT NULL DEFAULT ''",
    "CREATE INDEX audit_site ON audit (site, id)",
    "ALTER TABLE call_records ADD COLUMN sites TEXT NOT NULL DEFAULT ''",
    "UPDATE call_records SET sites = ',' || from_site || ',' || CASE WHEN to_site IN ('', from_site) THEN ''"
    " ELSE to_site || ',' END WHERE trunk = '' AND from_site <> ''",
};

// Lines of an administrator's own for phones' files.
const std::vector<std::string> twenty_fifth = {
    "CREATE TABLE snippets ("
    " model VARCHAR(100) PRIMARY KEY CHECK (model <> ''),"
    " text TEXT NOT NULL CHECK (text <> ''))",
};

// What the console wishes in place of an SBC's own file, and how its line was.
const std::vector<std::string> twenty_sixth = {
    "ALTER TABLE sbcs ADD COLUMN log_level TEXT CHECK (log_level IN ('debug', 'info', 'warning', 'error'))",
    "ALTER TABLE sbcs ADD COLUMN sip_dscp INTEGER CHECK (sip_dscp BETWEEN 0 AND 63)",
    "ALTER TABLE sbcs ADD COLUMN rtp_dscp INTEGER CHECK (rtp_dscp BETWEEN 0 AND 63)",
    "CREATE TABLE line_months ("
    " sbc VARCHAR(64) PRIMARY KEY CHECK (sbc <> ''),"
    " steps TEXT NOT NULL)",
};

}  // namespace

const std::vector<Migration>& migrations() {
  static const auto all = [] {
    auto steps = migrations_1_to_16();
    for (const auto& later :
         {Migration{17, seventeenth}, Migration{18, eighteenth}, Migration{19, nineteenth}, Migration{20, twentieth},
          Migration{21, twenty_first}, Migration{22, twenty_second}, Migration{23, twenty_third},
          Migration{24, twenty_fourth}, Migration{25, twenty_fifth}, Migration{26, twenty_sixth}})
      steps.push_back(later);
    return steps;
  }();
  return all;
}

}  // namespace roamdesk::store
