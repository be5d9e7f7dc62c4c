import type { Sbc } from "~/api/types";
import { number, t } from "~/i18n";
import { Since } from "~/parts/Since";
import { Badge } from "~/parts/Badge";

export function SbcState({ sbc }: { sbc: Sbc }) {
  if (sbc.connected)
    return (
      <Badge tone="good" dot>
        {t("sbcs.connected")}
      </Badge>
    );
  if (!sbc.enrolled)
    return (
      <Badge tone="info" dot>
        {t("sbcs.not_enrolled")}
      </Badge>
    );
  return (
    <Badge tone="bad" dot>
      {t("sbcs.away")}
      {sbc.since && (
        <>
          {" "}
          <Since at={sbc.since} />
        </>
      )}
    </Badge>
  );
}

export const milliseconds = (v: number | null | undefined) =>
  v == null ? "" : t("unit.ms", { n: number(v, v < 10 ? 1 : 0) });
export const percent = (v: number | null | undefined) =>
  v == null ? "" : t("unit.percent", { n: number(v * 100, v < 0.1 && v > 0 ? 1 : 0) });

// Below 3.6 many people complain, below 3.1 nearly all (G.107, annex B).
export function Mos({ value }: { value: number | null | undefined }) {
  if (value == null) return null;
  return (
    <Badge tone={value >= 3.6 ? "good" : value >= 3.1 ? "warn" : "bad"} title={t("sbcs.mos_hint")}>
      {number(value, 1)}
    </Badge>
  );
}
