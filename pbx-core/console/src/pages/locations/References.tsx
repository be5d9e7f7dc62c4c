import type { LocationReference } from "~/api/types";
import { t } from "~/i18n";
import { trunkPresets, trunks } from "~/live/store";
import { Text } from "~/parts/Field";

const byReference = (trunk: string): boolean =>
  trunkPresets.find(trunks.find(trunk)?.preset ?? "")?.emergency === "reference";

// What providers know the place by that keep its address themselves; two ids for each trunk by which calls leave.
export function References(props: {
  trunks: string[];
  value: LocationReference[];
  onValue: (value: LocationReference[]) => void;
}) {
  const of = (trunk: string): LocationReference =>
    props.value.find((r) => r.trunk === trunk) ?? { trunk, geolocation_id: "", from_id: "" };
  const id = (trunk: string, key: "geolocation_id" | "from_id") => (
    <Text
      label={t(`locations.${key}`, { trunk })}
      value={of(trunk)[key]}
      onValue={(v) =>
        props.onValue([...props.value.filter((r) => r.trunk !== trunk), { ...of(trunk), [key]: v.trim() }])
      }
      hint={t(`locations.${key}_hint`)}
      maxLength={64}
      autoCapitalize="none"
    />
  );
  return (
    <details open={props.value.length > 0 || props.trunks.some(byReference)}>
      <summary>{t("locations.references")}</summary>
      <div class="form">
        <p class="hint">{t("locations.references_hint")}</p>
        {props.trunks.map((trunk) => (
          <div key={trunk} class="pair">
            {id(trunk, "geolocation_id")}
            {id(trunk, "from_id")}
          </div>
        ))}
      </div>
    </details>
  );
}
