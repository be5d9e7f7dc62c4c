import { t } from "~/i18n";

const most = 64; // bytes of UTF-8; an ä is two of them, 漢 three

// What is wrong with a name, as the core would say it.
export const nameFault = (name: string): string | undefined =>
  new TextEncoder().encode(name).length > most ? t("name.too_long") : undefined;
