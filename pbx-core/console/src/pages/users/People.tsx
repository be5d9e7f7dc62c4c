import { useState } from "preact/hooks";
import { api, ask, askVersioned } from "~/api/client";
import type { User } from "~/api/types";
import { t } from "~/i18n";
import { me } from "~/live/session";
import { tokens, users } from "~/live/store";
import { Badge } from "~/parts/Badge";
import { confirm, confirmDelete } from "~/parts/Confirmation";
import type { Action } from "~/parts/Menu";
import { changeSeen } from "~/parts/one_change";
import { RowMenu } from "~/parts/RowMenu";
import { Table, type Column } from "~/parts/Table";
import { attempt } from "~/parts/Toast";
import { PasswordDialog, RoleDialog } from "./ChangeUser";
import { placesOf } from "./roles";

const path = (name: string) => ({ params: { path: { name } } });
const isMe = (u: User) => u.name === me.value?.name;

const change = (u: User, body: { disabled: boolean }, done: string) =>
  attempt(
    () =>
      changeSeen({ disabled: u.disabled }, body, {
        list: users,
        of: (x) => ({ disabled: x.disabled }),
        read: () => askVersioned(api.GET("/users/{name}", path(u.name))),
        send: (_, headers) => ask(api.PATCH("/users/{name}", { ...path(u.name), headers, body })),
      }),
    done,
  );

export function People() {
  const [asked, setAsked] = useState<{ what: "password" | "role"; user: User } | null>(null);
  const actions = (u: User): (Action | null)[] => {
    const self = isMe(u);
    return [
      { label: t("users.change_role"), icon: "shield", disabled: self, run: () => setAsked({ what: "role", user: u }) },
      self ? null : { label: t("users.set_password"), icon: "key", run: () => setAsked({ what: "password", user: u }) },
      u.totp && !self
        ? {
            label: t("users.remove_totp"),
            icon: "unlock",
            run: () =>
              confirm({
                title: t("users.remove_totp_title", { name: u.name }),
                text: t("users.remove_totp_text"),
                yes: t("users.remove_totp"),
                danger: true,
                then: async () => {
                  await ask(api.DELETE("/users/{name}/totp", path(u.name)));
                  await users.refresh();
                },
              }),
          }
        : null,
      self
        ? null
        : u.disabled
          ? {
              label: t("users.enable"),
              icon: "check",
              run: () => void change(u, { disabled: false }, t("users.enabled_done", { name: u.name })),
            }
          : {
              label: t("users.disable"),
              icon: "lock",
              run: () => void change(u, { disabled: true }, t("users.disabled_done", { name: u.name })),
            },
      self
        ? null
        : {
            label: t("action.delete"),
            icon: "trash",
            danger: true,
            run: () =>
              confirmDelete({
                title: t("users.delete_title", { name: u.name }),
                text: t("users.delete_text"),
                then: async () => {
                  await ask(api.DELETE("/users/{name}", path(u.name)));
                  users.remove(u.name);
                  void tokens.refresh();
                },
              }),
          },
    ];
  };
  return (
    <>
      <Table
        label={t("users.people")}
        rows={users.all.value}
        columns={columns()}
        rowKey={(u) => u.name}
        actions={(u) => <RowMenu of={u.name} actions={actions(u)} />}
      />
      {asked?.what === "role" && <RoleDialog user={asked.user} onClose={() => setAsked(null)} />}
      {asked?.what === "password" && <PasswordDialog user={asked.user} onClose={() => setAsked(null)} />}
    </>
  );
}

const columns = (): Column<User>[] => [
  {
    id: "name",
    header: t("users.name"),
    card: "title",
    cell: (u) => (
      <strong>
        {u.name}
        {isMe(u) && <span class="muted"> {t("users.you")}</span>}
      </strong>
    ),
    sort: (a, b) => a.name.localeCompare(b.name),
  },
  {
    id: "role",
    header: t("users.role"),
    cell: (u) => t(`role.${u.role}`),
    sort: (a, b) => a.role.localeCompare(b.role),
  },
  { id: "sites", header: t("users.for"), cell: placesOf },
  {
    id: "totp",
    header: t("users.second_factor"),
    cell: (u) =>
      u.totp ? <Badge tone="good">{t("users.totp_on")}</Badge> : <span class="muted">{t("users.totp_off")}</span>,
  },
  {
    id: "state",
    header: t("users.state"),
    card: "side",
    cell: (u) =>
      u.disabled ? (
        <Badge tone="bad" dot>
          {t("users.disabled")}
        </Badge>
      ) : (
        <Badge tone="good" dot>
          {t("users.enabled")}
        </Badge>
      ),
  },
];
