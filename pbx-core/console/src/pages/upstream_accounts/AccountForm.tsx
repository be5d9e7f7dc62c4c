import { api, ask, askVersioned } from "~/api/client";
import type { UpstreamAccount } from "~/api/types";
import { t, tcode } from "~/i18n";
import { trunks, upstreamAccounts } from "~/live/store";
import { Radios, Switch } from "~/parts/Choices";
import { Conflict, useDraft } from "~/parts/draft";
import { Secret, Select, Text } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";

type Draft = Pick<UpstreamAccount, "extension" | "trunk" | "enabled" | "user" | "auth_user" | "registers"> & {
  password: string; // empty where it stays
};
const fresh: Draft = {
  extension: "",
  trunk: "",
  enabled: true,
  user: "",
  auth_user: "",
  password: "",
  registers: "while_logged_in",
};
const draftOf = ({ extension, trunk, enabled, user, auth_user, registers }: UpstreamAccount): Draft => ({
  extension,
  trunk,
  enabled,
  user,
  auth_user,
  password: "",
  registers,
});

export function AccountForm({ account, onClose }: { account?: UpstreamAccount | undefined; onClose: () => void }) {
  const upstreams = trunks.all.value.filter((x) => x.kind === "accounts");
  const edited = useDraft(
    account
      ? draftOf(upstreamAccounts.find(account.extension) ?? account)
      : { ...fresh, trunk: upstreams[0]?.name ?? "" },
    false,
  );
  const { extension, trunk, enabled, user, auth_user, password, registers } = edited.value;
  const path = { params: { path: { extension } } };
  return (
    <FormDialog
      title={account ? t("upstream.edit_title", { extension: account.extension }) : t("upstream.add")}
      onClose={onClose}
      submit={t(account ? "action.save" : "upstream.add")}
      disabled={!extension || !trunk || edited.conflicts.length > 0}
      send={async () => {
        if (!account) {
          const whole = { extension, trunk, enabled, user: user || extension, auth_user, registers };
          const body = password ? { ...whole, password } : whole;
          return upstreamAccounts.put(await ask(api.POST("/upstream-accounts", { body })));
        }
        const saved = await edited.save({
          list: upstreamAccounts,
          of: draftOf,
          read: () => askVersioned(api.GET("/upstream-accounts/{extension}", path)),
          send: (changes, headers) => {
            const body: Partial<Omit<Draft, "extension">> = changes; // which has none: it can't be edited
            return ask(api.PATCH("/upstream-accounts/{extension}", { ...path, headers, body }));
          },
        });
        return saved && undefined;
      }}
    >
      <div class="pair">
        <Text
          label={t("upstream.extension")}
          value={extension}
          onValue={(extension) => edited.set({ extension })}
          disabled={!!account}
          inputMode="numeric"
          autoFocus={!account}
        />
        <Select
          label={t("upstream.trunk")}
          value={trunk}
          onValue={(trunk) => edited.set({ trunk })}
          choices={upstreams.map((x) => ({ value: x.name, label: x.name }))}
          hint={upstreams.length > 0 ? "" : t("upstream.no_trunk")}
        />
      </div>
      <div class="pair">
        <Text
          label={t("upstream.user")}
          value={user}
          onValue={(user) => edited.set({ user })}
          hint={t("upstream.user_hint")}
        />
        <Text
          label={t("upstream.auth_user")}
          value={auth_user}
          onValue={(auth_user) => edited.set({ auth_user })}
          hint={t("upstream.auth_user_hint")}
        />
      </div>
      <Secret
        label={t("upstream.password")}
        value={password}
        onValue={(password) => edited.set({ password })}
        hint={account?.has_password ? t("upstream.password_stays") : ""}
      />
      <Radios
        label={t("upstream.registers")}
        value={registers}
        onValue={(v) => edited.set({ registers: v as UpstreamAccount["registers"] })}
        choices={["while_logged_in", "always"].map((value) => ({ value, label: tcode("upstream.registers", value) }))}
      />
      <Switch label={t("upstream.enabled")} on={enabled} onChange={(enabled) => edited.set({ enabled })} />
      <Conflict draft={edited} name={(key) => t(`upstream.${key}`)} about={extension} />
    </FormDialog>
  );
}
