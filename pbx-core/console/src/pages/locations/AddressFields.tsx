import type { CivicAddress } from "~/api/types";
import { language, t, tcode } from "~/i18n";
import { Text } from "~/parts/Field";
import { inside, more, outside, type Part } from "./civic";

// Words differ from country to country: a ZIP code, a postcode.
function labelOf(part: Part, country: string): string {
  const own = `${part}.${country}`;
  const text = tcode("civic", own);
  return text === own ? tcode("civic", part) : text;
}

function countryName(code: string): string | undefined {
  if (!/^[A-Z]{2}$/.test(code)) return undefined;
  const name = new Intl.DisplayNames(language.value, { type: "region", fallback: "none" }).of(code);
  return name === code ? undefined : name;
}

export function AddressFields({ value, onValue }: { value: CivicAddress; onValue: (next: CivicAddress) => void }) {
  const country = value.country ?? "";
  const set = (part: Part, text: string) => {
    const next = { ...value, [part]: text };
    if (!text) delete next[part];
    onValue(next);
  };
  const fields = (parts: readonly Part[]) => (
    <div class="pair">
      {parts.map((part) => (
        <Text
          key={part}
          label={labelOf(part, country)}
          value={value[part] ?? ""}
          onValue={(v) => set(part, v)}
          maxLength={100}
          {...(part === "loc" ? { hint: t("locations.loc_hint") } : {})}
        />
      ))}
    </div>
  );
  return (
    <>
      <Text
        label={t("locations.country")}
        value={country}
        onValue={(v) => set("country", v.toUpperCase())}
        hint={t("locations.country_hint")}
        good={countryName(country)}
        maxLength={2}
      />
      {fields(outside(country))}
      {fields(inside)}
      <details>
        <summary>{t("locations.more_parts")}</summary>
        <div class="form">{fields(more(country))}</div>
      </details>
    </>
  );
}
