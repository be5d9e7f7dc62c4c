import { api, ask, askVersioned } from "~/api/client";
import type { OutboundRule } from "~/api/types";
import { t } from "~/i18n";
import { isAdministrator } from "~/live/session";
import { outboundRules } from "~/live/store";
import { confirmDelete } from "~/parts/Confirmation";
import type { Action } from "~/parts/Menu";
import { changeSeen } from "~/parts/one_change";
import { attempt } from "~/parts/Toast";
import { moved, namesInOrder } from "./order";

// Over the order that is seen: another one that somebody has made meanwhile is shown, and not undone.
function move(rule: OutboundRule, by: -1 | 1): void {
  const names = outboundRules.all.value.map((r) => r.name);
  void attempt(() =>
    changeSeen<OutboundRule[], { names: string[] }>(
      { names },
      { names: moved(names, rule.name, by) },
      {
        list: { put: (rules) => rules.forEach((one) => outboundRules.put(one)) },
        of: (rules) => ({ names: namesInOrder(rules) }),
        read: () => askVersioned(api.GET("/outbound-rules")),
        send: ({ names = [] }, headers) => ask(api.PUT("/outbound-rules", { headers, body: { names } })),
      },
    ),
  );
}

export function actionsOf(rule: OutboundRule, onEdit: (rule: OutboundRule) => void): Action[] {
  if (!isAdministrator.value) return [];
  const all = outboundRules.all.value;
  const { name } = rule;
  return [
    { label: t("action.edit"), icon: "edit", run: () => onEdit(rule) },
    { label: t("rules.up"), icon: "up", disabled: all[0]?.name === name, run: () => move(rule, -1) },
    { label: t("rules.down"), icon: "down", disabled: all.at(-1)?.name === name, run: () => move(rule, 1) },
    {
      label: t("action.delete"),
      icon: "trash",
      danger: true,
      run: () =>
        confirmDelete({
          title: t("rules.delete_title", { name }),
          text: t("rules.delete_text"),
          then: async () => {
            await ask(api.DELETE("/outbound-rules/{name}", { params: { path: { name } } }));
            outboundRules.remove(name);
          },
        }),
    },
  ];
}
