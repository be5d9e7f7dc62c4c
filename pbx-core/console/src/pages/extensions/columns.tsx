import type { Extension } from "~/api/types";
import { t } from "~/i18n";
import { byNumber } from "~/live/store";
import { Badge } from "~/parts/Badge";
import { Places, placesOf, Reach, reachRank } from "~/parts/reach";
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
    id: "reach",
    header: t("reach.title"),
    width: "8.5rem",
    cell: (e) => <Reach number={e.number} />,
    sort: (a, b) => reachRank(b.number) - reachRank(a.number),
  },
  {
    id: "at",
    header: t("reach.at"),
    cell: (e) => <Places of={placesOf(e.number)} />,
    sort: (a, b) => placesOf(b.number).length - placesOf(a.number).length,
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
