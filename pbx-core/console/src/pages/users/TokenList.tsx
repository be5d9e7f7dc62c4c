import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { Role, Token } from "~/api/types";
import { exact, moment, t } from "~/i18n";
import { isAdministrator, isOperator } from "~/live/session";
import { tokens } from "~/live/store";
import { Badge } from "~/parts/Badge";
import { Button } from "~/parts/Button";
import { CopyBlock } from "~/parts/Copy";
import { Dialog, FormDialog, Notice, confirm } from "~/parts/Dialog";
import { Radios, Text } from "~/parts/Field";
import { Empty } from "~/parts/Page";
import { Table, type Column } from "~/parts/Table";
import { roleChoices } from "./roles";

export function TokenList({ list, showUser }: { list: Token[]; showUser?: boolean }) {
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<{ name: string; token: string } | null>(null);
  const columns: Column<Token>[] = [
    {
      id: "name",
      header: t("tokens.name"),
      card: "title",
      cell: (x) => <strong>{x.name}</strong>,
      sort: (a, b) => a.name.localeCompare(b.name),
    },
    ...(showUser
      ? [
          {
            id: "user",
            header: t("users.name"),
            cell: (x: Token) => x.user,
            sort: (a: Token, b: Token) => a.user.localeCompare(b.user),
          },
        ]
      : []),
    { id: "scope", header: t("tokens.scope"), cell: (x) => t(`role.${x.scope}`) },
    {
      id: "expires",
      header: t("tokens.expires"),
      card: "side",
      cell: (x) =>
        !x.expires ? (
          <span class="muted">{t("tokens.never")}</span>
        ) : new Date(x.expires) < new Date() ? (
          <Badge tone="bad">{t("tokens.expired")}</Badge>
        ) : (
          <time dateTime={x.expires} title={exact(x.expires)}>
            {moment(x.expires)}
          </time>
        ),
      sort: (a, b) => ((a.expires ?? "9") < (b.expires ?? "9") ? -1 : 1),
    },
  ];
  const revoke = (x: Token) =>
    confirm({
      title: t("tokens.revoke_title", { name: x.name }),
      text: t("tokens.revoke_text"),
      yes: t("tokens.revoke"),
      danger: true,
      then: async () => {
        await ask(api.DELETE("/tokens/{id}", { params: { path: { id: x.id } } }));
        tokens.remove(x.id);
      },
    });
  return (
    <div class="stack">
      <div>
        <Button icon="plus" onClick={() => setMaking(true)}>
          {t("tokens.new")}
        </Button>
      </div>
      <Table
        label={t("tokens.title")}
        rows={list}
        columns={columns}
        rowKey={(x) => x.id}
        empty={<Empty icon="key" title={t("tokens.none")} text={t("tokens.none_text")} />}
        wideActions
        actions={(x) => (
          <Button small onClick={() => revoke(x)}>
            {t("tokens.revoke")}
          </Button>
        )}
      />
      {making && <NewToken onClose={() => setMaking(false)} onMade={setMade} />}
      {made && (
        <Dialog
          title={t("tokens.made", { name: made.name })}
          locked
          onClose={() => setMade(null)}
          footer={
            <>
              <span class="spring" />
              <Button kind="primary" onClick={() => setMade(null)}>
                {t("action.done")}
              </Button>
            </>
          }
        >
          <Notice tone="warn" icon="key">
            {t("tokens.once")}
          </Notice>
          <CopyBlock text={made.token} label={t("tokens.token")} />
        </Dialog>
      )}
    </div>
  );
}

function NewToken({
  onClose,
  onMade,
}: {
  onClose: () => void;
  onMade: (made: { name: string; token: string }) => void;
}) {
  const [name, setName] = useState("");
  const [scope, setScope] = useState<string>("reader");
  const [until, setUntil] = useState(() => new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10));
  const past = !!until && new Date(`${until}T23:59:59`) < new Date();
  const mine = roleChoices().filter(
    (r) => r.value === "reader" || (r.value === "operator" ? isOperator.value : isAdministrator.value),
  );
  return (
    <FormDialog
      title={t("tokens.new")}
      onClose={onClose}
      submit={t("action.create")}
      disabled={!name || past}
      send={async () => {
        const { token, ...rest } = await ask(
          api.POST("/tokens", {
            body: {
              name,
              scope: scope as Role,
              expires: until ? new Date(`${until}T23:59:59`).toISOString().replace(/\.\d+Z$/, "Z") : null,
            },
          }),
        );
        tokens.put(rest);
        onMade({ name, token });
      }}
    >
      <Text
        label={t("tokens.name")}
        value={name}
        onValue={setName}
        hint={t("tokens.name_hint")}
        maxLength={64}
        autoFocus
      />
      <Radios label={t("tokens.scope")} value={scope} onValue={setScope} choices={mine} />
      <Text
        label={t("tokens.expires")}
        type="date"
        value={until}
        onValue={setUntil}
        fault={past ? t("tokens.past") : undefined}
        hint={t("tokens.expires_hint")}
      />
    </FormDialog>
  );
}
