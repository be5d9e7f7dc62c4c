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

function word(code: string): string {
  const text = tcode("log.word", code);
  return text === code ? tcode("import.field", code) : text;
}
