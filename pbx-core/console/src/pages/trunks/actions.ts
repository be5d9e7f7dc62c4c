import { api, ask, askVersioned } from "~/api/client";
import type { Trunk } from "~/api/types";
import { t } from "~/i18n";
import { isAdministrator, isBound, isOperator } from "~/live/session";
import { trunks } from "~/live/store";
import { confirmDelete } from "~/parts/Confirmation";
import type { Action } from "~/parts/Menu";
import { changeSeen } from "~/parts/one_change";
import { attempt } from "~/parts/Toast";

const path = (name: string) => ({ params: { path: { name } } });

export interface Shows {
  edit: (trunk: Trunk) => void;
  registration: (trunk: Trunk) => void;
  test: (trunk: Trunk) => void;
}

export function actionsOf(trunk: Trunk, shows: Shows): Action[] {
  if (!isOperator.value || isBound.value) return [];
  const { name, enabled } = trunk;
  const reading: Action[] =
    trunk.kind === "registration"
      ? [{ label: t("trunks.registration"), icon: "log", run: () => shows.registration(trunk) }]
      : [];
  if (!isAdministrator.value) return reading;
  return [
    ...reading,
    ...(enabled ? [{ label: t("trunks.test_call"), icon: "phone" as const, run: () => shows.test(trunk) }] : []),
    { label: t("action.edit"), icon: "edit", run: () => shows.edit(trunk) },
    {
      label: t(enabled ? "trunks.switch_off" : "trunks.switch_on"),
      icon: "bolt",
      run: () =>
        void attempt(() =>
          changeSeen(
            { enabled },
            { enabled: !enabled },
            {
              list: trunks,
              of: (x) => ({ enabled: x.enabled }),
              read: () => askVersioned(api.GET("/trunks/{name}", path(name))),
              send: (body, headers) => ask(api.PATCH("/trunks/{name}", { ...path(name), headers, body })),
            },
          ),
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
