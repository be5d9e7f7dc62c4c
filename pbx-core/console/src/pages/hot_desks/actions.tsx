import { api, ask } from "~/api/client";
import type { HotDesk } from "~/api/types";
import { t, tx } from "~/i18n";
import { isAdministrator } from "~/live/session";
import { calls, desks } from "~/live/store";
import { confirm, Notice } from "~/parts/Dialog";
import type { Action } from "~/parts/Menu";
import { say } from "~/parts/Toast";
import { Who, deskTitle } from "~/parts/who";

// Which of the desk's dialogs the page should open.
export interface Asked {
  what: "login" | "move" | "edit";
  desk: HotDesk;
}

const path = (mac: string) => ({ params: { path: { mac } } });

export const callsOf = (number: string) => calls.all.value.filter((c) => c.from === number || c.to === number);

// Said before somebody is taken off a desk: what becomes of a call that is up.
export function CallWarning({ number }: { number: string }) {
  const up = callsOf(number);
  if (!up.length) return <p class="muted">{t("desks.no_call")}</p>;
  return (
    <Notice tone="warn" icon="calls">
      {up.map((c) => (
        <p key={c.id}>
          {tx("desks.in_call", {
            who: <Who number={number} />,
            other: <Who number={c.from === number ? c.to : c.from} />,
          })}
        </p>
      ))}
      <p>{t("desks.call_goes_on")}</p>
    </Notice>
  );
}

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
        <p>
          {tx("desks.log_out_text", {
            who: (
              <strong>
                <Who number={number} />
              </strong>
            ),
          })}
        </p>
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

export function actionsOf(desk: HotDesk, open: (asked: Asked) => void): (Action | null)[] {
  return [
    desk.extension ? { label: t("desks.move"), icon: "move", run: () => open({ what: "move", desk }) } : null,
    desk.extension ? { label: t("desks.log_in_other"), icon: "login", run: () => open({ what: "login", desk }) } : null,
    isAdministrator.value ? { label: t("action.edit"), icon: "edit", run: () => open({ what: "edit", desk }) } : null,
    isAdministrator.value
      ? {
          label: t("action.delete"),
          icon: "trash",
          danger: true,
          run: () =>
            confirm({
              title: t("desks.delete_title", { desk: deskTitle(desk) }),
              text: (
                <>
                  <p>{t("desks.delete_text")}</p>
                  {desk.extension && (
                    <p>
                      {tx("desks.delete_logs_out", {
                        who: (
                          <strong>
                            <Who number={desk.extension} />
                          </strong>
                        ),
                      })}
                    </p>
                  )}
                </>
              ),
              yes: t("action.delete"),
              danger: true,
              then: async () => {
                await ask(api.DELETE("/hot-desks/{mac}", path(desk.mac)));
                desks.remove(desk.mac);
              },
            }),
        }
      : null,
  ];
}
