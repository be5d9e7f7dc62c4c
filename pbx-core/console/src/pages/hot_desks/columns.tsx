import type { HotDesk } from "~/api/types";
import { t } from "~/i18n";
import { Since } from "~/parts/Since";
import type { Column } from "~/parts/Table";
import { DeskState, Who, siteName, siteOf, vendorName } from "~/parts/who";

export const where = (d: HotDesk) =>
  [siteName(siteOf(d.provisioning)), d.options?.location].filter(Boolean).join(" · ");
const compare = (text: (d: HotDesk) => string) => (a: HotDesk, b: HotDesk) =>
  text(a).localeCompare(text(b), undefined, { numeric: true });

export const columnsOf = (): Column<HotDesk>[] => [
  {
    id: "desk",
    header: t("desks.desk"),
    width: "15%",
    card: "title",
    cell: (d) => (
      <>
        {d.id}
        {d.options?.name && <span class="muted"> {d.options.name}</span>}
      </>
    ),
    sort: compare((d) => d.id),
  },
  {
    id: "person",
    header: t("desks.person"),
    cell: (d) => (d.extension ? <Who number={d.extension} /> : <span class="muted">{t("desks.nobody")}</span>),
    sort: compare((d) => d.extension ?? "~"),
  },
  {
    id: "since",
    header: t("desks.since"),
    width: "8.5rem",
    cell: (d) => (d.since && d.extension ? <Since at={d.since} /> : null),
    sort: compare((d) => d.since ?? "~"),
  },
  {
    id: "where",
    header: t("desks.where"),
    width: "19%",
    cell: (d) => <span title={where(d)}>{where(d)}</span>,
    sort: compare(where),
  },
  {
    id: "phone",
    header: t("desks.phone"),
    width: "13.5rem",
    cell: (d) => (
      <span title={d.mac}>
        {vendorName(d.vendor)} {d.model}
      </span>
    ),
    sort: compare((d) => d.vendor + d.model),
  },
  {
    id: "state",
    header: t("desks.state"),
    width: "12rem",
    card: "side",
    cell: (d) => <DeskState desk={d} />,
    sort: compare((d) => `${d.registered}${d.settled}${d.state}`),
  },
];
