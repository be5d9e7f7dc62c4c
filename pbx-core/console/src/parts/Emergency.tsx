import { useEffect } from "preact/hooks";
import type { LocationGiven } from "~/api/types";
import { t, tcode } from "~/i18n";
import { locations } from "~/live/store";
import { Badge } from "./Badge";
import { Select } from "./Field";

// Where help comes to from there, and whether it can be called.
export function HelpComesTo({ given }: { given: LocationGiven }) {
  return (
    <>
      {given.location && (
        <>
          {given.location} <span class="muted">({tcode("locations.given_by", given.given_by)})</span>{" "}
        </>
      )}
      {given.route !== "ready" && (
        <Badge tone="bad" dot title={t("locations.no_route_hint")}>
          {tcode("locations.route", given.route)}
        </Badge>
      )}
    </>
  );
}

// A location, or none of one's own.
export function LocationSelect({
  label,
  value,
  onValue,
  none,
  hint,
  disabled,
}: {
  label?: string;
  value: string;
  onValue: (v: string) => void;
  none: string;
  hint?: string;
  disabled?: boolean;
}) {
  useEffect(() => locations.want(), []);
  const names = locations.all.value.map((x) => x.name);
  return (
    <Select
      label={label ?? t("locations.emergency_location")}
      value={value}
      onValue={onValue}
      disabled={!!disabled}
      hint={hint ?? t("locations.emergency_location_hint")}
      choices={[
        { value: "", label: none },
        ...[...new Set([...names, ...(value ? [value] : [])])].map((name) => ({ value: name, label: name })),
      ]}
    />
  );
}
