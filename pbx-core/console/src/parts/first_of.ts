import { t } from "~/i18n";

const named = 8;

// "101, 102 and 7 more": a list of many, in a sentence.
export function firstOf(names: readonly string[]): string {
  const shown = names.slice(0, named).join(", ");
  return names.length > named ? `${shown} ${t("emergency.more", { n: names.length - named })}` : shown;
}
