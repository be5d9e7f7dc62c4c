import { api, ask } from "~/api/client";
import type { Extension } from "~/api/types";
import { t, tn } from "~/i18n";
import { extensions } from "~/live/store";
import { confirm } from "~/parts/Dialog";
import { attempt } from "~/parts/Toast";

export const setHotDesking = (numbers: string[], on: boolean) =>
  attempt(
    async () => {
      await ask(api.PATCH("/extensions", { body: { numbers, hot_desking: on } }));
      for (const number of numbers) {
        const was = extensions.find(number);
        if (was) extensions.put({ ...was, hot_desking: on });
      }
    },
    tn(on ? "extensions.authorised" : "extensions.revoked", numbers.length),
  );

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
  confirm({
    title: t("extensions.delete_title", { number: e.number, name: e.name }),
    text: t("extensions.delete_text"),
    yes: t("action.delete"),
    danger: true,
    then: async () => {
      await ask(api.DELETE("/extensions/{number}", { params: { path: { number: e.number } } }));
      extensions.remove(e.number);
      then();
    },
  });
}
