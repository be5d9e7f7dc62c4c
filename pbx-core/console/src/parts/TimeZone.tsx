import { t } from "~/i18n";
import { Text } from "./Field";
import { useOwnId } from "./id";

const zones = Intl.supportedValuesOf("timeZone");

// Whether it can be sent: "" is none of one's own.
export const isZone = (value: string): boolean => !value || zones.includes(value) || /^(Etc\/|UTC$)/.test(value);

// Of the tz database, with the browser's own list to choose from.
export function TimeZone({
  label,
  value,
  onValue,
  optional,
  hint,
}: {
  label: string;
  value: string;
  onValue: (v: string) => void;
  optional?: boolean;
  hint?: string;
}) {
  const id = useOwnId();
  const fault = value && !zones.some((z) => z.startsWith(value)) ? t("time_zone.unknown") : undefined;
  return (
    <div>
      <Text
        label={label}
        value={value}
        onValue={onValue}
        list={id}
        fault={fault}
        hint={hint}
        placeholder={optional ? t("desks.default") : "Europe/Berlin"}
      />
      <datalist id={id}>
        {zones.map((z) => (
          <option key={z} value={z} />
        ))}
      </datalist>
    </div>
  );
}
