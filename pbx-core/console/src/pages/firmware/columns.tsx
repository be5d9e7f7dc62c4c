import type { Firmware, FirmwarePin } from "~/api/types";
import { language, t, tcode } from "~/i18n";
import { Badge } from "~/parts/Badge";
import { Since } from "~/parts/Since";
import type { Column } from "~/parts/Table";

const megabytes = (bytes: number): string =>
  `${new Intl.NumberFormat(language.value, { maximumFractionDigits: 1 }).format(bytes / 1e6)} MB`;

// In the page's language: the core's own sentence is English.
function Progress({ of: { state, paused } }: { of: FirmwarePin }) {
  return (
    <div class="stack tight">
      <span>{t("firmware.done", { done: String(state.done), phones: String(state.phones) })}</span>
      {state.failed.length > 0 && (
        <span class="hint">
          {t("firmware.failed", { phones: state.failed.map((f) => `${f.mac} (${f.firmware || "?"})`).join(", ") })}
        </span>
      )}
      {state.running > 0 && <span class="hint">{t("firmware.running", { n: String(state.running) })}</span>}
      {paused && <span class="hint">{t("firmware.paused")}</span>}
    </div>
  );
}

const StateBadge = ({ of: { state, paused } }: { of: FirmwarePin }) =>
  state.stopped ? (
    <Badge tone="bad">{t("firmware.stopped")}</Badge>
  ) : state.wave === "done" || state.wave === "" ? (
    <Badge tone="good">{tcode("firmware.wave", "done")}</Badge>
  ) : (
    <Badge tone={paused ? "neutral" : "info"}>{tcode("firmware.wave", state.wave)}</Badge>
  );

export const pinColumns = (): Column<FirmwarePin>[] => [
  { id: "model", header: t("firmware.model"), width: "20%", card: "title", cell: (p) => p.model },
  { id: "version", header: t("firmware.version"), width: "16%", cell: (p) => p.version },
  { id: "window", header: t("firmware.window"), width: "9rem", cell: (p) => `${p.from} – ${p.until}` },
  { id: "progress", header: t("firmware.progress"), cell: (p) => <Progress of={p} /> },
  { id: "state", header: t("firmware.state"), width: "9rem", card: "side", cell: (p) => <StateBadge of={p} /> },
];

export const fileColumns = (): Column<Firmware>[] => [
  {
    id: "name",
    header: t("firmware.file"),
    card: "title",
    cell: (f) => (
      <div class="stack tight">
        <span>{f.name}</span>
        <code class="hint hash">{f.sha256}</code>
      </div>
    ),
  },
  { id: "version", header: t("firmware.version"), width: "14%", cell: (f) => f.version },
  { id: "models", header: t("firmware.models"), width: "18%", cell: (f) => f.models.join(", ") },
  { id: "bytes", header: t("firmware.size"), width: "6rem", cell: (f) => megabytes(f.bytes) },
  { id: "added", header: t("firmware.added"), width: "8rem", cell: (f) => <Since at={f.added} /> },
  {
    id: "state",
    header: t("firmware.state"),
    width: "8rem",
    card: "side",
    cell: (f) =>
      !f.present ? (
        <Badge tone="bad" title={t("firmware.missing_hint")}>
          {t("firmware.missing")}
        </Badge>
      ) : f.pinned.length > 0 ? (
        <Badge tone="good">{t("firmware.pinned")}</Badge>
      ) : null,
  },
];
