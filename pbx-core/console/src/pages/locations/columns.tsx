import type { Location } from "~/api/types";
import { t, tcode } from "~/i18n";
import { Badge } from "~/parts/Badge";
import type { Column } from "~/parts/Table";
import { lineOf } from "./civic";

export const addressOf = (x: Location): string =>
  lineOf(x.address, (part, value) => `${tcode("civic", part)} ${value}`);

export function usersOf({ used_by: by }: Location): string {
  return [
    ...by.sites.map((site) => (site === "local" ? t("site.local") : site)),
    ...by.hot_desks,
    ...by.phones,
    ...(by.default ? [t("locations.default")] : []),
  ].join(", ");
}

export const columnsOf = (): Column<Location>[] => [
  {
    id: "name",
    header: t("locations.name"),
    width: "14%",
    card: "title",
    cell: (x) => x.name,
    sort: (a, b) => a.name.localeCompare(b.name),
  },
  { id: "address", header: t("locations.address"), cell: (x) => <span title={addressOf(x)}>{addressOf(x)}</span> },
  {
    id: "trunks",
    header: t("locations.trunks"),
    width: "16%",
    card: "side",
    cell: (x) =>
      x.route === "ready" ? (
        x.trunks.join(" → ")
      ) : (
        <Badge tone="bad" title={tcode("locations.route", x.route)}>
          {t("locations.no_route")}
        </Badge>
      ),
  },
  {
    id: "callbacks",
    header: t("locations.callbacks"),
    width: "13%",
    cell: (x) =>
      x.callbacks.length ? (
        <span class="number">{x.callbacks.join(", ")}</span>
      ) : (
        <Badge tone="warn">{t("none")}</Badge>
      ),
  },
  { id: "numbers", header: t("locations.all_numbers"), width: "13%", cell: (x) => x.emergency_numbers.join(", ") },
  {
    id: "used",
    header: t("locations.used_by"),
    width: "16%",
    cell: (x) => <span title={usersOf(x)}>{usersOf(x)}</span>,
  },
];
