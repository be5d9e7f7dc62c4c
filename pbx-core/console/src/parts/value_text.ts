import { t } from "~/i18n";

// A field's value in words, whatever it is: for what somebody else has made of it.
export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === "") return t("none");
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (Array.isArray(value)) return value.length ? value.map(valueText).join(", ") : t("none");
  if (typeof value === "object") {
    const parts = Object.values(value).filter((v) => v !== null && v !== "" && !(Array.isArray(v) && !v.length));
    return parts.length ? parts.map(valueText).join(", ") : t("none");
  }
  return typeof value === "number" ? String(value) : (value as string);
}
