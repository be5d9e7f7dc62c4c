import { t, tcode } from "~/i18n";

// The core's details are codes and names: "extension 303, wrong_pin", "import: name keys". What isn't known stays.
export function detailText(detail: string): string {
  return detail
    .split(", ")
    .map((piece) => {
      const imported = /^import: (.+)$/.exec(piece);
      if (imported) return `${t("log.word.import")}: ${imported[1]!.split(" ").map(word).join(", ")}`;
      const extension = /^extension (\d+)$/.exec(piece);
      if (extension) return t("log.extension", { number: extension[1]! });
      const role = /^role (\w+)$/.exec(piece);
      if (role) return t("log.role", { role: tcode("role", role[1]!) });
      return word(piece);
    })
    .join(", ");
}

// "Name: Ann → Anna, hot desking: no → yes".
export const changesText = (changes: { field: string; from: string; to: string }[]): string =>
  changes
    .map(({ field, from, to }) => t("import.change", { field: fieldText(field), from: said(from), to: said(to) }))
    .join(", ");

// "abroad: position" of several records at once; "options.language".
function fieldText(field: string): string {
  const at = field.lastIndexOf(": ") + 2;
  const which = at > 1 ? field.slice(0, at) : "";
  const name = field.slice(at > 1 ? at : 0);
  const own = tcode("log.field", name);
  return which + (own === name ? word(name.slice(name.lastIndexOf(".") + 1)) : own);
}
const said = (value: string): string =>
  value === "" ? t("none") : value === "true" ? t("yes") : value === "false" ? t("no") : value;

function word(code: string): string {
  const text = tcode("log.word", code);
  return text === code ? tcode("import.field", code) : text;
}
