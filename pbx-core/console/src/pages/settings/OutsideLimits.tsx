import { t } from "~/i18n";
import { Text } from "~/parts/Field";
import { Card } from "~/parts/Page";
import { keys, limitOf, most, type Typed } from "./limits";

// What one person may call outside within an hour: what a stolen password, or a phone that dials by itself, can cost.
export function OutsideLimits(props: { typed: Typed; onTyped: (typed: Typed) => void; disabled: boolean }) {
  const { typed, onTyped, disabled } = props;
  return (
    <Card title={t("settings.outside")}>
      <p class="hint">{t("settings.outside_hint")}</p>
      <div class="form pair">
        {keys.map((key) => (
          <Text
            key={key}
            label={t(`settings.outside.${key}`)}
            inputMode="numeric"
            value={typed[key]}
            onValue={(value) => onTyped({ ...typed, [key]: value })}
            disabled={disabled}
            fault={limitOf(typed[key], most[key]) === null ? t("settings.limit_fault", { most: most[key] }) : undefined}
          />
        ))}
      </div>
    </Card>
  );
}
