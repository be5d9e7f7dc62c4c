import { api, ask } from "~/api/client";
import type { Trunk } from "~/api/types";
import { t } from "~/i18n";
import { isAdministrator } from "~/live/session";
import { trunks } from "~/live/store";
import { confirmDelete } from "~/parts/Confirmation";
import type { Action } from "~/parts/Menu";
import { attempt } from "~/parts/Toast";

const path = (name: string) => ({ params: { path: { name } } });

export function actionsOf(trunk: Trunk, onEdit: (trunk: Trunk) => void): Action[] {
  if (!isAdministrator.value) return [];
  const { name, enabled } = trunk;
  return [
    { label: t("action.edit"), icon: "edit", run: () => onEdit(trunk) },
    {
      label: t(enabled ? "trunks.switch_off" : "trunks.switch_on"),
      icon: "bolt",
      run: () =>
        void attempt(async () =>
          trunks.put(await ask(api.PATCH("/trunks/{name}", { ...path(name), body: { enabled: !enabled } }))),
        ),
    },
    {
      label: t("action.delete"),
      icon: "trash",
      danger: true,
      run: () =>
        confirmDelete({
          title: t("trunks.delete_title", { name }),
          text: t("trunks.delete_text"),
          then: async () => {
            await ask(api.DELETE("/trunks/{name}", path(name)));
            trunks.remove(name);
          },
        }),
    },
  ];
}
