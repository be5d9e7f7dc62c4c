import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { api, ask } from "~/api/client";
import type { Role, User } from "~/api/types";
import { t } from "~/i18n";
import { me } from "~/live/session";
import { sessions, tokens, users } from "~/live/store";
import { Badge } from "~/parts/Badge";
import { Button } from "~/parts/Button";
import { FormDialog, Notice, confirm } from "~/parts/Dialog";
import { Radios, Text } from "~/parts/Field";
import { Menu, type Action } from "~/parts/Menu";
import { Loaded, Page } from "~/parts/Page";
import { Table, type Column } from "~/parts/Table";
import { Tabs } from "~/parts/Tabs";
import { attempt, say } from "~/parts/Toast";
import { SessionList } from "./SessionList";
import { TokenList } from "./TokenList";
import { passwordFault } from "./password";
import { roleChoices } from "./roles";

export default function Users() {
  const [location, go] = useLocation();
  const tab = location.slice("/users/".length) || "people";
  const [dialog, setDialog] = useState<"new" | null>(null);
  return (
    <Page
      title={t("nav.users")}
      actions={
        tab === "people" && (
          <Button kind="primary" icon="plus" data-new aria-keyshortcuts="n" onClick={() => setDialog("new")}>
            {t("users.new")}
          </Button>
        )
      }
    >
      <Tabs
        label={t("nav.users")}
        selected={tab}
        onSelect={(id) => go(id === "people" ? "/users" : `/users/${id}`)}
        tabs={[
          { id: "people", label: t("users.people"), content: () => <Loaded of={[users]}>{() => <People />}</Loaded> },
          {
            id: "sessions",
            label: t("sessions.title"),
            content: () => <Loaded of={[sessions]}>{() => <SessionList list={sessions.all.value} showUser />}</Loaded>,
          },
          {
            id: "tokens",
            label: t("tokens.title"),
            content: () => <Loaded of={[tokens]}>{() => <TokenList list={tokens.all.value} showUser />}</Loaded>,
          },
        ]}
      />
      {dialog === "new" && <NewUser onClose={() => setDialog(null)} />}
    </Page>
  );
}

const path = (name: string) => ({ params: { path: { name } } });

function People() {
  const [asked, setAsked] = useState<{ what: "password" | "role"; user: User } | null>(null);
  const columns: Column<User>[] = [
    {
      id: "name",
      header: t("users.name"),
      card: "title",
      cell: (u) => (
        <strong>
          {u.name}
          {u.name === me.value?.name && <span class="muted"> {t("users.you")}</span>}
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
  const change = (u: User, body: { disabled: boolean }, done: string) =>
    attempt(async () => void users.put(await ask(api.PATCH("/users/{name}", { ...path(u.name), body }))), done);
  const actions = (u: User): (Action | null)[] => {
    const self = u.name === me.value?.name;
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
              confirm({
                title: t("users.delete_title", { name: u.name }),
                text: t("users.delete_text"),
                yes: t("action.delete"),
                danger: true,
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
        columns={columns}
        rowKey={(u) => u.name}
        actions={(u) => <Menu label={t("table.more", { row: u.name })} actions={actions(u)} />}
      />
      {asked?.what === "role" && <RoleDialog user={asked.user} onClose={() => setAsked(null)} />}
      {asked?.what === "password" && <PasswordDialog user={asked.user} onClose={() => setAsked(null)} />}
    </>
  );
}

function NewUser({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<string>("operator");
  const nameFault =
    name && !/^[a-z0-9._-]{1,32}$/.test(name)
      ? t("users.name_fault")
      : users.find(name)
        ? t("users.name_taken")
        : undefined;
  const fault = passwordFault(password, name);
  return (
    <FormDialog
      title={t("users.new")}
      onClose={onClose}
      submit={t("action.create")}
      disabled={!name || !!nameFault || !password || !!fault}
      send={async () => {
        users.put(await ask(api.POST("/users", { body: { name, password, role: role as Role } })));
        say(t("users.created", { name }));
      }}
    >
      <Text
        label={t("users.name")}
        value={name}
        onValue={setName}
        fault={nameFault}
        hint={t("users.name_hint")}
        autoFocus
        autoCapitalize="none"
      />
      <Text
        label={t("users.password")}
        value={password}
        onValue={setPassword}
        fault={fault}
        hint={t("users.password_hint")}
        type="password"
        autoComplete="new-password"
      />
      <Radios label={t("users.role")} value={role} onValue={setRole} choices={roleChoices()} />
    </FormDialog>
  );
}

function RoleDialog({ user, onClose }: { user: User; onClose: () => void }) {
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

function PasswordDialog({ user, onClose }: { user: User; onClose: () => void }) {
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
