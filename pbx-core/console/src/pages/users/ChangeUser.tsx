import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { Role, User } from "~/api/types";
import { t } from "~/i18n";
import { users } from "~/live/store";
import { Radios } from "~/parts/Choices";
import { Text } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";
import { Notice } from "~/parts/Notice";
import { say } from "~/parts/Toast";
import { passwordFault } from "./password";
import { roleChoices } from "./roles";

const path = (name: string) => ({ params: { path: { name } } });

export function RoleDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const [role, setRole] = useState<string>(user.role);
  return (
    <FormDialog
      title={t("users.role_title", { name: user.name })}
      onClose={onClose}
      submit={t("action.save")}
      disabled={role === user.role}
      send={async () =>
        void users.put(await ask(api.PATCH("/users/{name}", { ...path(user.name), body: { role: role as Role } })))
      }
    >
      <Notice tone="info">{t("users.role_text")}</Notice>
      <Radios label={t("users.role")} value={role} onValue={setRole} choices={roleChoices()} />
    </FormDialog>
  );
}

export function PasswordDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const [password, setPassword] = useState("");
  const fault = passwordFault(password, user.name);
  return (
    <FormDialog
      title={t("users.password_title", { name: user.name })}
      onClose={onClose}
      submit={t("users.set_password")}
      disabled={!password || !!fault}
      send={async () => {
        await ask(api.PATCH("/users/{name}", { ...path(user.name), body: { password } }));
        say(t("users.password_set", { name: user.name }));
      }}
    >
      <p class="muted">{t("users.password_text")}</p>
      <Text
        label={t("users.password")}
        value={password}
        onValue={setPassword}
        fault={fault}
        hint={t("users.password_hint")}
        type="password"
        autoComplete="new-password"
        autoFocus
      />
    </FormDialog>
  );
}
