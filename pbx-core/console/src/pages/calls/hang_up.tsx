import { api, ask } from "~/api/client";
import type { Call } from "~/api/types";
import { t, tx } from "~/i18n";
import { confirm } from "~/parts/Confirmation";
import { say } from "~/parts/Toast";
import { Who } from "~/parts/who";

// Asked first: two people are cut off. For a call for help the core refuses it.
export function hangUp({ id, from, to }: Call): void {
  confirm({
    title: t("calls.hang_up_title"),
    text: <p>{tx("calls.hang_up_text", { from: <Who strong number={from} />, to: <Who strong number={to} /> })}</p>,
    yes: t("calls.hang_up"),
    danger: true,
    then: async () => {
      await ask(api.DELETE("/calls/{id}", { params: { path: { id } } }));
      say(t("calls.hung_up", { from, to }));
    },
  });
}
