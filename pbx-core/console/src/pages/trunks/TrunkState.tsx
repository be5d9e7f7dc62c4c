import type { Trunk } from "~/api/types";
import { t, tcode } from "~/i18n";
import { Badge, type Tone } from "~/parts/Badge";

const tones: Record<string, Tone> = {
  off: "neutral",
  registered: "good",
  ready: "good",
  locating: "info",
  registering: "info",
  not_located: "bad",
  refused: "bad",
  unreachable: "bad",
  silent: "bad",
};

export function TrunkState({ trunk: { enabled, state } }: { trunk: Trunk }) {
  const condition = !enabled ? "off" : state?.condition;
  if (!condition) return <Badge>{t("trunks.unknown")}</Badge>;
  return (
    <Badge tone={tones[condition] ?? "neutral"} dot title={state?.reason ?? ""}>
      {tcode("trunks.is", condition)}
    </Badge>
  );
}
