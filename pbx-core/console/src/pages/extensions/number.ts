import { t } from "~/i18n";
import { extensions } from "~/live/store";

// What is wrong with the number of a new extension, as far as it is typed.
export function numberFault(number: string): string | undefined {
  if (!number) return undefined;
  if (!/^[0-9]{1,15}$/.test(number)) return t("extensions.number_fault");
  const taken = extensions.find(number);
  return taken && t("extensions.number_taken", { name: taken.name });
}
