import type { Sbc } from "~/api/types";
import { t } from "~/i18n";
import type { Column } from "~/parts/Table";
import { Mos, SbcState, milliseconds, percent } from "./parts";

export const columnsOf = (): Column<Sbc>[] => [
  {
    id: "name",
    header: t("sbcs.name"),
    width: "14%",
    card: "title",
    cell: (s) => s.name,
    sort: (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }),
  },
  {
    id: "state",
    header: t("sbcs.state"),
    width: "15rem",
    card: "side",
    cell: (s) => <SbcState sbc={s} />,
    sort: (a, b) => Number(a.connected) - Number(b.connected),
  },
  {
    id: "rtt",
    header: t("sbcs.rtt"),
    width: "7.8rem",
    end: true,
    cell: (s) => (s.connected ? milliseconds(s.rtt_ms) : ""),
    sort: (a, b) => (a.rtt_ms ?? -1) - (b.rtt_ms ?? -1),
  },
  {
    id: "loss",
    header: t("sbcs.loss"),
    width: "6.4rem",
    end: true,
    cell: (s) => percent(s.loss),
    sort: (a, b) => (a.loss ?? -1) - (b.loss ?? -1),
  },
  {
    id: "jitter",
    header: t("sbcs.jitter"),
    width: "6.4rem",
    end: true,
    cell: (s) => milliseconds(s.jitter_ms),
    sort: (a, b) => (a.jitter_ms ?? -1) - (b.jitter_ms ?? -1),
  },
  {
    id: "mos",
    header: t("sbcs.mos"),
    width: "5.6rem",
    end: true,
    cell: (s) => <Mos value={s.mos} />,
    sort: (a, b) => (a.mos ?? 9) - (b.mos ?? 9),
  },
  {
    id: "phones",
    header: t("sbcs.phones"),
    width: "7rem",
    end: true,
    cell: (s) => s.phones,
    sort: (a, b) => a.phones - b.phones,
  },
  {
    id: "streams",
    header: t("sbcs.streams"),
    width: "7rem",
    end: true,
    cell: (s) => s.streams,
    sort: (a, b) => a.streams - b.streams,
  },
  {
    id: "lan",
    header: t("sbcs.lan"),
    cell: (s) =>
      s.lan.length ? (
        <span class="number" title={s.lan.join(", ")}>
          {s.lan.join(", ")}
        </span>
      ) : null,
  },
  {
    id: "version",
    header: t("sbcs.version"),
    width: "6.2rem",
    cell: (s) => s.version && <span title={s.version}>{s.version.replace(/^sbc /, "")}</span>,
    sort: (a, b) => (a.version ?? "").localeCompare(b.version ?? ""),
  },
];
