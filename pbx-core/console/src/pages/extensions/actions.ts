import { api, ask } from "~/api/client";
import type { Extension } from "~/api/types";
import { t } from "~/i18n";
import { isAdministrator, isBound, isOperator } from "~/live/session";
import { extensions } from "~/live/store";
import { confirmDelete } from "~/parts/Confirmation";
import type { Action } from "~/parts/Menu";
import { attempt } from "~/parts/Toast";
import { setHotDesking } from "./hot_desking";
import { isLocked } from "./Locked";

export const unlock = (number: string) =>
  attempt(
    async () => {
      await ask(api.POST("/extensions/{number}/unlock", { params: { path: { number } } }));
      const was = extensions.find(number);
      if (was) extensions.put({ ...was, locked_until: null });
    },
    t("extensions.unlocked", { number }),
  );

export function removeExtension(e: Extension, then: () => void = () => {}): void {
  confirmDelete({
    title: t("extensions.delete_title", { number: e.number, name: e.name }),
    text: t("extensions.delete_text"),
    then: async () => {
      await ask(api.DELETE("/extensions/{number}", { params: { path: { number: e.number } } }));
      extensions.remove(e.number);
      then();
    },
  });
}

export function actionsOf(e: Extension, open: () => void, resetPin: () => void): (Action | null)[] {
  const unlocking: Action | null =
    isOperator.value && !isBound.value && isLocked(e)
      ? { label: t("extensions.unlock"), icon: "unlock", run: () => void unlock(e.number) }
      : null;
  if (!isAdministrator.value) return [unlocking];
  return [
    unlocking,
    { label: t("action.edit"), icon: "edit", run: open },
    {
      label: e.hot_desking ? t("extensions.revoke") : t("extensions.authorise"),
      icon: "desk",
      run: () => void setHotDesking([e.number], !e.hot_desking),
    },
    { label: t("extensions.reset_pin"), icon: "key", run: resetPin },
    { label: t("action.delete"), icon: "trash", danger: true, run: () => removeExtension(e) },
  ];
}
