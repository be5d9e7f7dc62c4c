import type { Trunk } from "~/api/types";
import { t, tcode } from "~/i18n";
import { Since } from "~/parts/Since";
import type { Column } from "~/parts/Table";
import { TrunkState } from "./TrunkState";

export const columnsOf = (): Column<Trunk>[] => [
  {
    id: "name",
    header: t("trunks.name"),
    width: "16%",
    card: "title",
    cell: (x) => x.name,
    sort: (a, b) => a.name.localeCompare(b.name),
  },
  {
    id: "state",
    header: t("trunks.state"),
    width: "10rem",
    card: "side",
    cell: (x) => <TrunkState trunk={x} />,
    sort: (a, b) => (a.state?.condition ?? "").localeCompare(b.state?.condition ?? ""),
  },
  {
    id: "reason",
    header: t("trunks.reason"),
    cell: ({ state }) => state?.reason ?? state?.accounts?.mailboxes.reason ?? state?.accounts?.lamps.reason,
  },
  { id: "since", header: t("trunks.since"), width: "7rem", cell: (x) => x.state && <Since at={x.state.since} /> },
  { id: "kind", header: t("trunks.kind"), width: "8.9rem", cell: (x) => tcode("trunks.kind", x.kind) },
  { id: "domain", header: t("trunks.domain"), width: "16%", cell: (x) => x.domain },
  { id: "server", header: t("trunks.server_used"), width: "9rem", cell: (x) => x.state?.server },
  {
    id: "calls",
    header: t("trunks.calls"),
    width: "5.8rem",
    end: true,
    cell: (x) => x.state?.calls ?? 0,
    sort: (a, b) => (a.state?.calls ?? 0) - (b.state?.calls ?? 0),
  },
];
