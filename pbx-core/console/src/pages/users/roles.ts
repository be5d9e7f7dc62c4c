import type { User } from "~/api/types";
import { t } from "~/i18n";
import { siteName } from "~/parts/who";

const roles = ["administrator", "operator", "reader"] as const;
export const roleChoices = () =>
  roles.map((role) => ({ value: role, label: t(`role.${role}`), detail: t(`role.hint.${role}`) }));
export const placesOf = ({ sites }: Pick<User, "sites">): string =>
  sites.length ? sites.map(siteName).join(", ") : t("users.company");
