import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { Token } from "~/api/types";
import { t } from "~/i18n";
import { tokens } from "~/live/store";
import { At } from "~/parts/At";
import { Badge } from "~/parts/Badge";
import { Button } from "~/parts/Button";
import { confirm } from "~/parts/Confirmation";
import { Empty } from "~/parts/Page";
import { ShownOnce } from "~/parts/ShownOnce";
import { Table, type Column } from "~/parts/Table";
import { NewToken } from "./NewToken";

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
          <At at={x.expires} />
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
        <ShownOnce
          title={t("tokens.made", { name: made.name })}
          notice={t("tokens.once")}
          text={made.token}
          label={t("tokens.token")}
          done={t("action.done")}
          onClose={() => setMade(null)}
        />
      )}
    </div>
  );
}
