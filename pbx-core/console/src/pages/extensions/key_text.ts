import type { Key } from "~/api/types";
import { t } from "~/i18n";
import { extensions } from "~/live/store";

// Whom or what a key is about.
export const keyText = (key: Key) =>
  key.label || (key.value && extensions.find(key.value)?.name) || key.value || t(`key.type.${key.type}`);

// What the phone shows beside it: without a label the number, not the person's name.
export const shownText = (key: Key) => key.label || key.value || t(`key.type.${key.type}`);

// What is read out: what the phone shows, and whom that is.
export const saidText = (key: Key) => {
  const [shown, text] = [shownText(key), keyText(key)];
  return shown === text ? text : `${shown} ${text}`;
};
