import type { ComponentType } from "preact";
import type { IconName } from "~/parts/Icon";
import type { TextKey } from "~/i18n";
import type { Role } from "~/api/types";

export interface RoutePage {
  path: string; // what its address begins with
  icon: IconName;
  name: TextKey;
  section: "now" | "manage" | "history" | "system";
  role: Role; // who sees it
  letter?: string; // `g` and this letter go there
  load: () => Promise<{ default: ComponentType }>;
}

// Each page is a chunk of its own, loaded when it is first opened.
export const pages: RoutePage[] = [
  { path: "/phones", icon: "phone", name: "nav.phones", section: "manage", role: "reader", letter: "p", load: () => import("~/pages/phones/Phones") },
  { path: "/hot-desks", icon: "desk", name: "nav.hot_desks", section: "manage", role: "reader", letter: "h", load: () => import("~/pages/hot_desks/HotDesks") },
  { path: "/extensions", icon: "people", name: "nav.extensions", section: "manage", role: "reader", letter: "e", load: () => import("~/pages/extensions/Extensions") },
  { path: "/sbcs", icon: "branch", name: "nav.sbcs", section: "manage", role: "reader", letter: "s", load: () => import("~/pages/sbcs/Sbcs") },
  { path: "/log", icon: "log", name: "nav.log", section: "history", role: "operator", letter: "l", load: () => import("~/pages/log/Log") },
  { path: "/users", icon: "shield", name: "nav.users", section: "system", role: "administrator", letter: "u", load: () => import("~/pages/users/Users") },
  { path: "/profile", icon: "user", name: "nav.profile", section: "system", role: "reader", load: () => import("~/pages/profile/Profile") },
  { path: "/settings", icon: "settings", name: "nav.settings", section: "system", role: "reader", load: () => import("~/pages/settings/Settings") },
];
export const sections = ["now", "manage", "history", "system"] as const;
