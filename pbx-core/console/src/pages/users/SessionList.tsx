import { api, ask } from "~/api/client";
import type { LoginSession } from "~/api/types";
import { t } from "~/i18n";
import { sessions } from "~/live/store";
import { At } from "~/parts/At";
import { Badge } from "~/parts/Badge";
import { Button } from "~/parts/Button";
import { Empty } from "~/parts/Page";
import { Table, type Column } from "~/parts/Table";
import { attempt } from "~/parts/Toast";
import { browserOf } from "./browser";

export function SessionList({ list, showUser }: { list: LoginSession[]; showUser?: boolean }) {
  const columns: Column<LoginSession>[] = [
    ...(showUser
      ? [
          {
            id: "user",
            header: t("users.name"),
            card: "title" as const,
            cell: (s: LoginSession) => <strong>{s.user}</strong>,
            sort: (a: LoginSession, b: LoginSession) => a.user.localeCompare(b.user),
          },
        ]
      : []),
    {
      id: "agent",
      header: t("sessions.browser"),
      ...(showUser ? {} : { card: "title" as const }),
      cell: (s) => (
        <span title={s.agent}>
          {s.via === "token" ? t("sessions.script") : browserOf(s.agent) || t("sessions.unknown")}
        </span>
      ),
    },
    { id: "peer", header: t("sessions.peer"), cell: (s) => <span class="number">{s.peer}</span> },
    {
      id: "created",
      header: t("sessions.created"),
      cell: (s) => <At at={s.created} />,
      sort: (a, b) => (a.created < b.created ? -1 : 1),
    },
    {
      id: "used",
      header: t("sessions.used"),
      cell: (s) => <At at={s.last_used} />,
      sort: (a, b) => (a.last_used < b.last_used ? -1 : 1),
    },
  ];
  const end = (s: LoginSession) =>
    void attempt(async () => {
      await ask(api.DELETE("/sessions/{id}", { params: { path: { id: s.id } } }));
      sessions.remove(s.id);
    }, t("sessions.ended"));
  return (
    <Table
      label={t("sessions.title")}
      rows={list}
      columns={columns}
      rowKey={(s) => s.id}
      empty={<Empty icon="user" title={t("sessions.none")} />}
      wideActions
      actions={(s) =>
        s.current ? (
          <Badge tone="good">{t("sessions.this")}</Badge>
        ) : (
          <Button small onClick={() => end(s)}>
            {t("sessions.end")}
          </Button>
        )
      }
    />
  );
}
