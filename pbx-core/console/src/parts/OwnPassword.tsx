import { api, ask } from "~/api/client";
import { t } from "~/i18n";
import { Secret, Text } from "~/parts/Field";

// One's own password, the old one and the new; whose it is stands there for the browser's keeper of passwords.
export function OwnPassword(p: {
  name: string;
  old: string;
  onOld: (value: string) => void;
  password: string;
  onPassword: (value: string) => void;
  fault: string | undefined;
  hint: string;
  autoFocus?: boolean;
}) {
  return (
    <>
      <input
        type="text"
        class="unseen"
        autoComplete="username"
        value={p.name}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <Text
        label={t("profile.current_password")}
        value={p.old}
        onValue={p.onOld}
        type="password"
        autoComplete="current-password"
        autoFocus={p.autoFocus}
      />
      <Secret
        label={t("profile.new_password")}
        value={p.password}
        onValue={p.onPassword}
        fault={p.fault}
        hint={p.hint}
      />
    </>
  );
}

export function changeOwnPassword(name: string, old: string, password: string) {
  return ask(api.PATCH("/users/{name}", { params: { path: { name } }, body: { current_password: old, password } }));
}
