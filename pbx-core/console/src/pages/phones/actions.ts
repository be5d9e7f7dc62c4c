import { api, ask } from "~/api/client";
import type { Phone } from "~/api/types";
import { t, tn } from "~/i18n";
import { isOperator } from "~/live/session";
import { desks, jobs, phones } from "~/live/store";
import { confirm } from "~/parts/Confirmation";
import type { Action } from "~/parts/Menu";
import { attempt } from "~/parts/Toast";

export async function assign(phone: Phone, extension?: string, at?: Phone["announced_by"][number]): Promise<void> {
  const body = {
    ...(extension ? { extension } : {}),
    ...(phone.conflict && at ? { address: at.address, site: at.site } : {}),
  };
  phones.put(await ask(api.POST("/phones/{mac}/assign", { params: { path: { mac: phone.mac } }, body })));
}

const provisionAgain = (mac: string) =>
  attempt(() => ask(api.POST("/phones/{mac}/provision", { params: { path: { mac } } })), t("phones.provisioned_again"));

const restart = (phone: Phone) =>
  confirm({
    title: t("phones.restart_title", { mac: phone.mac }),
    text: t("phones.restart_text"),
    yes: t("phones.restart"),
    then: async () => {
      await attempt(
        () => ask(api.POST("/phones/{mac}/restart", { params: { path: { mac: phone.mac } } })),
        t("phones.restarted"),
      );
    },
  });

// Many are a job of the core's, at a pace that it bears; the frame shows how far it is.
export const provisionAll = (macs: string[]) =>
  attempt(
    async () => {
      jobs.want();
      jobs.put(await ask(api.POST("/phones/provision", { body: { macs } })));
    },
    tn("phones.provisioning", macs.length),
  );

export const clearNew = (n: number) =>
  confirm({
    title: tn("phones.clear_title", n),
    text: t("phones.clear_text"),
    yes: t("phones.clear_new"),
    danger: true,
    then: async () => {
      await ask(api.DELETE("/phones", { params: { query: { state: "new" } } }));
      await phones.refresh();
    },
  });

function forget(phone: Phone): void {
  confirm({
    title: t("phones.forget_title", { mac: phone.mac }),
    text: phone.assigned_to ? t("phones.forget_assigned") : t("phones.forget_text"),
    yes: t("phones.forget"),
    danger: true,
    then: async () => {
      await ask(api.DELETE("/phones/{mac}", { params: { path: { mac: phone.mac } } }));
      phones.remove(phone.mac);
    },
  });
}

function unassign(phone: Phone): void {
  const to = phone.assigned_to;
  if (!to) return;
  const desk = "hot_desk" in to ? desks.find(phone.mac) : undefined;
  confirm({
    title: t("phones.unassign_title", { mac: phone.mac }),
    text: [
      t("phones.unassign_text", { to: "hot_desk" in to ? to.hot_desk : to.extension }),
      desk?.extension ? t("phones.unassign_logs_out", { number: desk.extension }) : "",
    ].join(" "),
    yes: t("phones.unassign"),
    danger: true,
    then: async () => {
      await ask(api.DELETE("/phones/{mac}/assign", { params: { path: { mac: phone.mac } } }));
      await phones.refresh();
    },
  });
}

export function actionsOf(phone: Phone, onAssign: () => void): (Action | null)[] {
  if (!isOperator.value) return [];
  return [
    !phone.assigned_to && !desks.find(phone.mac) ? { label: t("phones.assign"), icon: "user", run: onAssign } : null,
    {
      label: t("phones.provision"),
      icon: "refresh",
      disabled: !phone.assigned_to,
      run: () => void provisionAgain(phone.mac),
    },
    phone.assigned_to && phone.state === "online"
      ? { label: t("phones.restart"), icon: "refresh", run: () => restart(phone) }
      : null,
    phone.assigned_to ? { label: t("phones.unassign"), icon: "close", danger: true, run: () => unassign(phone) } : null,
    { label: t("phones.forget"), icon: "trash", danger: true, run: () => forget(phone) },
  ];
}
