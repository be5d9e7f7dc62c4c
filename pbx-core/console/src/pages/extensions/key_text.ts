import type { Key } from "~/api/types";
import { t } from "~/i18n";
import { extensions } from "~/live/store";

export const keyText = (key: Key) =>
  key.label || (key.value && extensions.find(key.value)?.name) || key.value || t(`key.type.${key.type}`);
