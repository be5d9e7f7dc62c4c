import { t } from "~/i18n";

const roles = ["administrator", "operator", "reader"] as const;
export const roleChoices = () =>
  roles.map((role) => ({ value: role, label: t(`role.${role}`), detail: t(`role.hint.${role}`) }));
