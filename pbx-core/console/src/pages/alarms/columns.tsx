import { api, ask } from "~/api/client";
import type { Alarm, AlarmReceiver } from "~/api/types";
import { exact, t, tcode } from "~/i18n";
import { isOperator } from "~/live/session";
import { alarms } from "~/live/store";
import { At } from "~/parts/At";
import { Badge } from "~/parts/Badge";
import { CoreSays } from "~/parts/CoreSays";
import { Since } from "~/parts/Since";
import type { Column } from "~/parts/Table";
import { WorkButton } from "~/parts/WorkButton";
import { isNamedByDetail, nameOf, toneOf } from "./alarms";

const acknowledge = (id: string) => async () =>
  alarms.put(await ask(api.POST("/alarms/{id}/acknowledge", { params: { path: { id } } })));

export const SeverityBadge = ({ of }: { of: Alarm["severity"] }) => (
  <Badge tone={toneOf(of)} dot>
    {tcode("alarms.severity", of)}
  </Badge>
);

function Seen({ of: a }: { of: Alarm }) {
  if (a.acknowledged)
    return <span title={exact(a.acknowledged)}>{t("alarms.seen_by", { name: a.acknowledged_by ?? "" })}</span>;
  if (!isOperator.value) return null;
  return (
    <WorkButton
      small
      work={acknowledge(a.id)}
      done={t("alarms.acknowledged")}
      aria-label={`${t("alarms.acknowledge")}: ${nameOf(a)}`}
    >
      {t("alarms.acknowledge")}
    </WorkButton>
  );
}

// What is wrong, the core's reasons, and what to do about it.
const What = ({ of: a }: { of: Alarm }) => (
  <div class="stack tight">
    <b>{nameOf(a)}</b>
    {a.detail && !isNamedByDetail(a) && (
      <span class="muted">
        <CoreSays text={a.detail} />
      </span>
    )}
    {a.cleared === null && <span class="hint">{tcode("alarms.advice", a.kind)}</span>}
  </div>
);

const common = (): Column<Alarm>[] => [
  { id: "what", header: t("alarms.what"), card: "title", cell: (a) => <What of={a} /> },
  {
    id: "severity",
    header: t("alarms.severity"),
    width: "8rem",
    card: "side",
    cell: (a) => <SeverityBadge of={a.severity} />,
  },
];

export const openColumns = (): Column<Alarm>[] => [
  ...common(),
  { id: "since", header: t("alarms.since"), width: "9rem", cell: (a) => <Since at={a.raised} /> },
  { id: "seen", header: t("alarms.seen"), width: "14rem", cell: (a) => <Seen of={a} /> },
];
export const pastColumns = (): Column<Alarm>[] => [
  ...common(),
  { id: "raised", header: t("alarms.raised"), width: "10rem", cell: (a) => <At at={a.raised} /> },
  { id: "cleared", header: t("alarms.cleared"), width: "10rem", cell: (a) => a.cleared && <At at={a.cleared} /> },
  { id: "seen", header: t("alarms.seen"), width: "12rem", cell: (a) => a.acknowledged_by },
];

export const receiverColumns = (): Column<AlarmReceiver>[] => [
  { id: "name", header: t("alarms.name"), width: "20%", card: "title", cell: (r) => r.name },
  { id: "way", header: t("alarms.way"), width: "9rem", cell: (r) => tcode("alarms.way", r.way) },
  { id: "to", header: t("alarms.to"), cell: (r) => r.to },
  { id: "least", header: t("alarms.least"), width: "12rem", cell: (r) => tcode("alarms.from", r.least) },
  {
    id: "state",
    header: t("alarms.state"),
    width: "8rem",
    card: "side",
    cell: (r) => (r.enabled ? <Badge tone="good">{t("alarms.on")}</Badge> : <Badge>{t("alarms.off")}</Badge>),
  },
];
