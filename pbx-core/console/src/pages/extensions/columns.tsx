import type { Extension } from "~/api/types";
import { t } from "~/i18n";
import { byNumber, desksOf } from "~/live/store";
import { Badge } from "~/parts/Badge";
import type { Column } from "~/parts/Table";
import { Locked } from "./Locked";

export const columnsOf = (): Column<Extension>[] => [
  {
    id: "number",
    header: t("extensions.number"),
    width: "8rem",
    card: "title",
    cell: (e) => <span class="number">{e.number}</span>,
    sort: (a, b) => byNumber(a.number, b.number),
  },
  { id: "name", header: t("extensions.name"), cell: (e) => e.name, sort: (a, b) => a.name.localeCompare(b.name) },
  {
    id: "hot_desking",
    header: t("extensions.hot_desking"),
    width: "11rem",
    card: "side",
    cell: (e) =>
      e.hot_desking ? (
        <Badge tone="good">{t("extensions.is_authorised")}</Badge>
      ) : (
        <span class="muted">{t("extensions.not_authorised")}</span>
      ),
    sort: (a, b) => Number(b.hot_desking) - Number(a.hot_desking),
  },
  {
    id: "at",
    header: t("extensions.logged_in_at"),
    cell: (e) =>
      desksOf.value
        .get(e.number)
        ?.map((d) => d.id)
        .join(", "),
    sort: (a, b) => (desksOf.value.get(b.number)?.length ?? 0) - (desksOf.value.get(a.number)?.length ?? 0),
  },
  {
    id: "keys",
    header: t("extensions.keys"),
    width: "7rem",
    end: true,
    cell: (e) => e.keys.filter((k) => k.type !== "none").length || "",
    sort: (a, b) => a.keys.length - b.keys.length,
  },
  { id: "locked", header: t("extensions.lock"), width: "8rem", cell: (e) => <Locked extension={e} /> },
];
