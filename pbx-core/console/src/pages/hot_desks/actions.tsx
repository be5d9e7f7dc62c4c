import { api, ask } from "~/api/client";
import type { HotDesk } from "~/api/types";
import { t, tx } from "~/i18n";
import { isSiteAdministrator } from "~/live/session";
import { desks } from "~/live/store";
import { confirm, confirmDelete } from "~/parts/Confirmation";
import type { Action } from "~/parts/Menu";
import { say } from "~/parts/Toast";
import { Who, deskTitle } from "~/parts/who";
import { CallWarning } from "./warnings";

// Which of the desk's dialogs the page should open.
export interface Asked {
  what: "login" | "move" | "edit";
  desk: HotDesk;
}

const path = (mac: string) => ({ params: { path: { mac } } });

export async function endSession(desk: HotDesk): Promise<void> {
  await ask(api.DELETE("/hot-desks/{mac}/session", path(desk.mac)));
}

export async function startSession(desk: HotDesk, extension: string): Promise<void> {
  const result = await ask(api.POST("/hot-desks/{mac}/session", { ...path(desk.mac), body: { extension } }));
  if (result) desks.put(result);
}

export function logOutOf(desk: HotDesk): void {
  const number = desk.extension;
  if (!number) return;
  confirm({
    title: t("desks.log_out_title", { desk: deskTitle(desk) }),
    text: (
      <>
        <p>{tx("desks.log_out_text", { who: <Who strong number={number} /> })}</p>
        <CallWarning number={number} />
      </>
    ),
    yes: t("desks.log_out"),
    then: async () => {
      await endSession(desk);
      say(t("desks.logged_out", { number, desk: desk.id }));
    },
  });
}

function remove(desk: HotDesk): void {
  confirmDelete({
    title: t("desks.delete_title", { desk: deskTitle(desk) }),
    text: (
      <>
        <p>{t("desks.delete_text")}</p>
        {desk.extension && <p>{tx("desks.delete_logs_out", { who: <Who strong number={desk.extension} /> })}</p>}
      </>
    ),
    then: async () => {
      await ask(api.DELETE("/hot-desks/{mac}", path(desk.mac)));
      desks.remove(desk.mac);
    },
  });
}

export function actionsOf(desk: HotDesk, open: (asked: Asked) => void): (Action | null)[] {
  return [
    desk.extension ? { label: t("desks.move"), icon: "move", run: () => open({ what: "move", desk }) } : null,
    desk.extension ? { label: t("desks.log_in_other"), icon: "login", run: () => open({ what: "login", desk }) } : null,
    isSiteAdministrator.value
      ? { label: t("action.edit"), icon: "edit", run: () => open({ what: "edit", desk }) }
      : null,
    isSiteAdministrator.value
      ? { label: t("action.delete"), icon: "trash", danger: true, run: () => remove(desk) }
      : null,
  ];
}
