import type { Extension } from "~/api/types";
import { t } from "~/i18n";
import { Badge } from "~/parts/Badge";

export const isLocked = (e: Extension) => !!e.locked_until && new Date(e.locked_until) > new Date();

export function Locked({ extension: e }: { extension: Extension }) {
  return isLocked(e) ? (
    <Badge tone="bad" dot>
      {t("extensions.locked")}
    </Badge>
  ) : null;
}
