import { useEffect, useState } from "preact/hooks";
import { api, ask, askVersioned } from "~/api/client";
import { Problem } from "~/api/problem";
import type { Role, User } from "~/api/types";
import { t } from "~/i18n";
import { me } from "~/live/session";
import { users } from "~/live/store";
import { Radios } from "~/parts/Choices";
import { Secret } from "~/parts/Field";
import { Conflict, useDraft } from "~/parts/draft";
import { FormDialog } from "~/parts/FormDialog";
import { Notice } from "~/parts/Notice";
import { Told } from "~/parts/problems";
import { say } from "~/parts/Toast";
import { passwordFault } from "~/parts/password";
import { placesOf, roleChoices } from "./roles";
import { boundsOf, isWhole, SitesField, sitesOf } from "./SitesField";

const path = (name: string) => ({ params: { path: { name } } });

// What a user may, and where.
const roleOf = ({ role, sites }: User) => ({ role, sites });

export function RoleDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const edited = useDraft(roleOf(users.find(user.name) ?? user), false);
  const { role } = edited.value;
  const [bounds, setBounds] = useState(() => boundsOf(edited.value.sites));
  return (
    <FormDialog
      title={t("users.role_title", { name: user.name })}
      onClose={onClose}
      submit={t("action.save")}
      disabled={!edited.dirty || edited.conflicts.length > 0 || !isWhole(bounds)}
      send={async () => {
        const saved = await edited.save({
          list: users,
          of: roleOf,
          read: () => askVersioned(api.GET("/users/{name}", path(user.name))),
          send: (body, headers) => ask(api.PATCH("/users/{name}", { ...path(user.name), headers, body })),
        });
        return saved && undefined;
      }}
    >
      <Notice tone="info">{t("users.role_text")}</Notice>
      <Radios
        label={t("users.role")}
        value={role}
        onValue={(v) => edited.set({ role: v as Role })}
        choices={roleChoices()}
      />
      <SitesField
        value={bounds}
        onValue={(value) => {
          setBounds(value);
          edited.set({ sites: sitesOf(value) });
        }}
      />
      <Conflict
        draft={edited}
        name={(key) => t(key === "role" ? "users.role" : "users.sites")}
        text={(key, theirs) => (key === "role" ? t(`role.${theirs.role}`) : placesOf(theirs))}
        about={user.name}
      />
    </FormDialog>
  );
}

export function PasswordDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const [password, setPassword] = useState("");
  const [version, setVersion] = useState("");
  const fault = passwordFault(password, user.name);
  const read = async () => setVersion((await askVersioned(api.GET("/users/{name}", path(user.name)))).version);
  useEffect(() => void read().catch(() => {}), []);
  return (
    <FormDialog
      title={t("users.password_title", { name: user.name })}
      onClose={onClose}
      submit={t("users.set_password")}
      disabled={!password || !!fault}
      send={async () => {
        const body = { password, must_change_password: user.name !== me.value?.name };
        const headers = version ? { "If-Match": version } : {};
        try {
          await ask(api.PATCH("/users/{name}", { ...path(user.name), headers, body }));
        } catch (problem) {
          if (!(problem instanceof Problem && problem.status === 412)) throw problem;
          await read();
          throw new Told(t("users.changed_meanwhile", { name: user.name }));
        }
        say(t("users.password_set", { name: user.name }));
      }}
    >
      <p class="muted">{t("users.password_text")}</p>
      <Secret
        label={t("users.password")}
        value={password}
        onValue={setPassword}
        fault={fault}
        hint={t("users.password_hint")}
        autoFocus
      />
    </FormDialog>
  );
}
