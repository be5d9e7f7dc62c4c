import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { Role } from "~/api/types";
import { t } from "~/i18n";
import { has } from "~/live/session";
import { tokens } from "~/live/store";
import { Radios } from "~/parts/Choices";
import { Text } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";
import { roleChoices } from "./roles";

export function NewToken({
  onClose,
  onMade,
}: {
  onClose: () => void;
  onMade: (made: { name: string; token: string }) => void;
}) {
  const [name, setName] = useState("");
  const [scope, setScope] = useState<string>("reader");
  const [until, setUntil] = useState(() => new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10));
  const past = !!until && new Date(`${until}T23:59:59`) < new Date();
  const mine = roleChoices().filter((r) => has(r.value));
  return (
    <FormDialog
      title={t("tokens.new")}
      onClose={onClose}
      submit={t("action.create")}
      disabled={!name || past}
      send={async () => {
        const { token, ...rest } = await ask(
          api.POST("/tokens", {
            body: {
              name,
              scope: scope as Role,
              expires: until ? new Date(`${until}T23:59:59`).toISOString().replace(/\.\d+Z$/, "Z") : null,
            },
          }),
        );
        tokens.put(rest);
        onMade({ name, token });
      }}
    >
      <Text
        label={t("tokens.name")}
        value={name}
        onValue={setName}
        hint={t("tokens.name_hint")}
        maxLength={64}
        autoFocus
      />
      <Radios label={t("tokens.scope")} value={scope} onValue={setScope} choices={mine} />
      <Text
        label={t("tokens.expires")}
        type="date"
        value={until}
        onValue={setUntil}
        fault={past ? t("tokens.past") : undefined}
        hint={t("tokens.expires_hint")}
      />
    </FormDialog>
  );
}
