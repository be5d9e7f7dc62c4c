import type { Phone } from "~/api/types";
import { t } from "~/i18n";
import { Badge } from "~/parts/Badge";
import type { Column } from "~/parts/Table";
import { PhoneState, siteName } from "~/parts/who";
import { AssignedTo, Firmware, assignedText, hostOf, modelOf } from "./parts";

export const columnsOf = (): Column<Phone>[] => [
  {
    id: "mac",
    header: t("phones.mac"),
    width: "8.6rem",
    card: "title",
    cell: (p) => <span class="mono">{p.mac}</span>,
    sort: (a, b) => (a.mac < b.mac ? -1 : 1),
  },
  {
    id: "model",
    header: t("phones.model"),
    cell: (p) => modelOf(p) || <span class="muted">{t("phones.unknown_model")}</span>,
    sort: (a, b) => modelOf(a).localeCompare(modelOf(b)),
  },
  {
    id: "state",
    header: t("phones.state"),
    width: "8rem",
    card: "side",
    cell: (p) => (
      <>
        <PhoneState state={p.state} />
        {p.conflict && <Badge tone="warn">{t("phones.conflict")}</Badge>}
      </>
    ),
    sort: (a, b) => a.state.localeCompare(b.state),
  },
  {
    id: "to",
    header: t("phones.assigned_to"),
    cell: (p) => <AssignedTo phone={p} />,
    sort: (a, b) => assignedText(a).localeCompare(assignedText(b)),
  },
  {
    id: "site",
    header: t("phones.site"),
    cell: (p) => siteName(p.site),
    sort: (a, b) => a.site.localeCompare(b.site),
  },
  {
    id: "address",
    header: t("phones.address"),
    width: "9rem",
    cell: (p) => <span class="number">{hostOf(p.address)}</span>,
  },
  {
    id: "firmware",
    header: t("phones.firmware"),
    width: "7.8rem",
    cell: (p) => <Firmware phone={p} />,
    sort: (a, b) => a.firmware.localeCompare(b.firmware, undefined, { numeric: true }),
  },
];
