import type { Sbc } from "~/api/types";
import { t } from "~/i18n";
import { Badge } from "~/parts/Badge";

export function SbcState({ sbc }: { sbc: Sbc }) {
  if (sbc.connected) return <Badge tone="good" dot>{t("sbcs.connected")}</Badge>;
  if (!sbc.enrolled) return <Badge tone="info" dot>{t("sbcs.not_enrolled")}</Badge>;
  return <Badge tone="bad" dot>{t("sbcs.away")}</Badge>;
}
