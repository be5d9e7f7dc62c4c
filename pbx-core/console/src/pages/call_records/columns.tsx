import type { CallRecord } from "~/api/types";
import { duration, t, tcode } from "~/i18n";
import { At } from "~/parts/At";
import { Badge, type Tone } from "~/parts/Badge";
import type { Column } from "~/parts/Table";
import { siteName } from "~/parts/who";

const tones: Record<string, Tone> = {
  answered: "good",
  busy: "warn",
  no_answer: "warn",
  cancelled: "neutral",
  refused: "warn",
  unavailable: "bad",
  failed: "bad",
};

export const columns = (): Column<CallRecord>[] => [
  { id: "from", header: t("calls.from"), card: "title", cell: (r) => <Side number={r.from} name={r.from_name} /> },
  { id: "to", header: t("calls.to"), cell: (r) => <Side number={r.to} name={r.to_name} /> },
  {
    id: "started",
    header: t("records.started"),
    width: "9rem",
    cell: (r) => <At at={r.started} class="number" />,
  },
  {
    id: "outcome",
    header: t("records.outcome"),
    width: "9.5rem",
    card: "side",
    cell: (r) => <Badge tone={tones[r.outcome] ?? "neutral"}>{tcode("outcome", r.outcome)}</Badge>,
  },
  {
    id: "duration",
    header: t("records.duration"),
    width: "8rem",
    end: true,
    cell: (r) => (r.answered ? duration(r.duration_s) : ""),
  },
  { id: "from_where", header: t("records.from_where"), cell: (r) => shownWhere(r.from_site, r.from_desk) },
  { id: "to_where", header: t("records.to_where"), cell: (r) => shownWhere(r.to_site, r.to_desk) ?? codeOf(r) },
];

// Of a code that was dialled: nobody rang.
const codeOf = (r: CallRecord) =>
  r.to.startsWith("*") ? <span class="muted">{t(r.to_name ? "records.login" : "records.code")}</span> : null;

const Side = ({ number, name }: { number: string; name: string }) => (
  <>
    <span class="number">{number}</span>
    {name && <> {name}</>}
  </>
);
const where = (site: string | null, desk: string | null) => [desk, site && siteName(site)].filter(Boolean).join(" · ");
const shownWhere = (site: string | null, desk: string | null) =>
  site || desk ? (
    <span class="muted" title={where(site, desk)}>
      {where(site, desk)}
    </span>
  ) : null;
