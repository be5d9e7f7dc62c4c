import { t } from "~/i18n";

// The core's rules, said while it is typed.
export function passwordFault(password: string, user: string): string | undefined {
  if (!password) return undefined;
  if (password.length < 10 || password.length > 128) return t("password.length");
  if (password === user) return t("password.name");
  if ([...password].every((c) => c === password[0])) return t("password.same");
  return undefined;
}
