import { api, ask } from "~/api/client";
import type { Phone } from "~/api/types";
import { t, tn } from "~/i18n";
import { isOperator } from "~/live/session";
import { jobs, phones } from "~/live/store";
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

export function actionsOf(phone: Phone): Action[] {
  if (!isOperator.value) return [];
  return [
    {
      label: t("phones.provision"),
      icon: "refresh",
      disabled: !phone.assigned_to,
      run: () => void provisionAgain(phone.mac),
    },
    { label: t("phones.forget"), icon: "trash", danger: true, run: () => forget(phone) },
  ];
}
