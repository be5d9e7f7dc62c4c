import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { UpstreamAccount } from "~/api/types";
import { t, tcode } from "~/i18n";
import { trunks, upstreamAccounts } from "~/live/store";
import { Radios, Switch } from "~/parts/Choices";
import { Select, Text } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";

export function AccountForm({ account, onClose }: { account?: UpstreamAccount | undefined; onClose: () => void }) {
  const upstreams = trunks.all.value.filter((x) => x.kind === "accounts");
  const [extension, setExtension] = useState(account?.extension ?? "");
  const [trunk, setTrunk] = useState(account?.trunk ?? upstreams[0]?.name ?? "");
  const [enabled, setEnabled] = useState(account?.enabled ?? true);
  const [user, setUser] = useState(account?.user ?? "");
  const [authUser, setAuthUser] = useState(account?.auth_user ?? "");
  const [password, setPassword] = useState("");
  const [registers, setRegisters] = useState<UpstreamAccount["registers"]>(account?.registers ?? "while_logged_in");
  const whole = { trunk, enabled, user: user || extension, auth_user: authUser, registers };
  const body = password ? { ...whole, password } : whole;
  return (
    <FormDialog
      title={account ? t("upstream.edit_title", { extension: account.extension }) : t("upstream.add")}
      onClose={onClose}
      submit={t(account ? "action.save" : "upstream.add")}
      disabled={!extension || !trunk}
      send={async () => {
        upstreamAccounts.put(
          account
            ? await ask(api.PATCH("/upstream-accounts/{extension}", { params: { path: { extension } }, body }))
            : await ask(api.POST("/upstream-accounts", { body: { extension, ...body } })),
        );
      }}
    >
      <div class="pair">
        <Text
          label={t("upstream.extension")}
          value={extension}
          onValue={setExtension}
          disabled={!!account}
          inputMode="numeric"
          autoFocus={!account}
        />
        <Select
          label={t("upstream.trunk")}
          value={trunk}
          onValue={setTrunk}
          choices={upstreams.map((x) => ({ value: x.name, label: x.name }))}
          hint={upstreams.length > 0 ? "" : t("upstream.no_trunk")}
        />
      </div>
      <div class="pair">
        <Text label={t("upstream.user")} value={user} onValue={setUser} hint={t("upstream.user_hint")} />
        <Text
          label={t("upstream.auth_user")}
          value={authUser}
          onValue={setAuthUser}
          hint={t("upstream.auth_user_hint")}
        />
      </div>
      <Text
        label={t("upstream.password")}
        type="password"
        autoComplete="new-password"
        value={password}
        onValue={setPassword}
        hint={account?.has_password ? t("upstream.password_stays") : ""}
      />
      <Radios
        label={t("upstream.registers")}
        value={registers}
        onValue={(v) => setRegisters(v as UpstreamAccount["registers"])}
        choices={["while_logged_in", "always"].map((value) => ({ value, label: tcode("upstream.registers", value) }))}
      />
      <Switch label={t("upstream.enabled")} on={enabled} onChange={setEnabled} />
    </FormDialog>
  );
}
