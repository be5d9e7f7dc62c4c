import type { ComponentType } from "preact";
import type { IconName } from "~/parts/Icon";
import type { TextKey } from "~/i18n";
import type { Role } from "~/api/types";
import { has, isAdministrator } from "~/live/session";

export interface RoutePage {
  path: string; // what its address begins with
  icon: IconName;
  name: TextKey;
  section: "now" | "manage" | "history" | "system";
  role: Role; // who sees it
  hidden?: true; // not in the navigation: other pages lead there
  letter?: string; // `g` and this letter go there
  load: () => Promise<{ default: ComponentType }>;
}

// Each page is a chunk of its own, loaded when it is first opened.
export const pages: RoutePage[] = [
  {
    path: "/",
    icon: "dashboard",
    name: "nav.dashboard",
    section: "now",
    role: "reader",
    letter: "d",
    load: () => import("~/pages/dashboard/Dashboard"),
  },
  {
    path: "/calls",
    icon: "calls",
    name: "nav.calls",
    section: "now",
    role: "reader",
    letter: "c",
    load: () => import("~/pages/calls/Calls"),
  },
  {
    path: "/alarms",
    icon: "warn",
    name: "nav.alarms",
    section: "now",
    role: "reader",
    letter: "w",
    load: () => import("~/pages/alarms/Alarms"),
  },
  {
    path: "/phones",
    icon: "phone",
    name: "nav.phones",
    section: "manage",
    role: "reader",
    letter: "p",
    load: () => import("~/pages/phones/Phones"),
  },
  {
    path: "/firmware",
    icon: "upload",
    name: "nav.firmware",
    section: "manage",
    role: "reader",
    letter: "f",
    load: () => import("~/pages/firmware/Firmware"),
  },
  {
    path: "/snippets",
    icon: "edit",
    name: "nav.snippets",
    section: "manage",
    role: "administrator",
    letter: "n",
    load: () => import("~/pages/snippets/Snippets"),
  },
  {
    path: "/hot-desks",
    icon: "desk",
    name: "nav.hot_desks",
    section: "manage",
    role: "reader",
    letter: "h",
    load: () => import("~/pages/hot_desks/HotDesks"),
  },
  {
    path: "/extensions",
    icon: "people",
    name: "nav.extensions",
    section: "manage",
    role: "reader",
    letter: "e",
    load: () => import("~/pages/extensions/Extensions"),
  },
  {
    path: "/sbcs",
    icon: "branch",
    name: "nav.sbcs",
    section: "manage",
    role: "reader",
    letter: "s",
    load: () => import("~/pages/sbcs/Sbcs"),
  },
  {
    path: "/trunks",
    icon: "globe",
    name: "nav.trunks",
    section: "manage",
    role: "reader",
    letter: "t",
    load: () => import("~/pages/trunks/Trunks"),
  },
  {
    path: "/outbound-rules",
    icon: "move",
    name: "nav.outbound_rules",
    section: "manage",
    role: "reader",
    letter: "o",
    load: () => import("~/pages/outbound_rules/OutboundRules"),
  },
  {
    path: "/inbound-numbers",
    icon: "calls",
    name: "nav.inbound_numbers",
    section: "manage",
    role: "reader",
    letter: "i",
    load: () => import("~/pages/inbound_numbers/InboundNumbers"),
  },
  {
    path: "/locations",
    icon: "pin",
    name: "nav.locations",
    section: "manage",
    role: "reader",
    letter: "a",
    load: () => import("~/pages/locations/Locations"),
  },
  {
    path: "/upstream-accounts",
    icon: "people",
    name: "nav.upstream_accounts",
    section: "manage",
    role: "reader",
    letter: "x",
    load: () => import("~/pages/upstream_accounts/UpstreamAccounts"),
  },
  {
    path: "/call-records",
    icon: "records",
    name: "nav.call_records",
    section: "history",
    role: "reader",
    letter: "r",
    load: () => import("~/pages/call_records/CallRecords"),
  },
  {
    path: "/log",
    icon: "log",
    name: "nav.log",
    section: "history",
    role: "operator",
    letter: "l",
    load: () => import("~/pages/log/Log"),
  },
  {
    path: "/users",
    icon: "shield",
    name: "nav.users",
    section: "system",
    role: "administrator",
    letter: "u",
    load: () => import("~/pages/users/Users"),
  },
  {
    path: "/profile",
    icon: "user",
    name: "nav.profile",
    section: "system",
    role: "reader",
    load: () => import("~/pages/profile/Profile"),
  },
  {
    path: "/settings",
    icon: "settings",
    name: "nav.settings",
    section: "system",
    role: "reader",
    load: () => import("~/pages/settings/Settings"),
  },
  {
    path: "/system",
    icon: "info",
    name: "nav.system",
    section: "system",
    role: "reader",
    load: () => import("~/pages/system/System"),
  },
  {
    path: "/backup",
    icon: "backup",
    name: "nav.backup",
    section: "system",
    role: "administrator",
    letter: "b",
    load: () => import("~/pages/backup/Backup"),
  },
  {
    path: "/set-up",
    icon: "wand",
    name: "nav.set_up",
    section: "system",
    role: "administrator",
    hidden: true,
    load: () => import("~/pages/welcome/Welcome"),
  },
];
export const sections = ["now", "manage", "history", "system"] as const;

export const isAt = (location: string, page: RoutePage): boolean =>
  location === page.path || (page.path !== "/" && location.startsWith(`${page.path}/`));

// What only administrators see is the whole company's.
export const mayOpen = (page: RoutePage): boolean =>
  page.role === "administrator" ? isAdministrator.value : has(page.role);
