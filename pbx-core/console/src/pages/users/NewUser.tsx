import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { Role } from "~/api/types";
import { t } from "~/i18n";
import { users } from "~/live/store";
import { Radios } from "~/parts/Choices";
import { Secret, Text } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";
import { say } from "~/parts/Toast";
import { passwordFault } from "~/parts/password";
import { roleChoices } from "./roles";
import { boundsOf, isWhole, SitesField, sitesOf, type Bounds } from "./SitesField";

export function NewUser({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<string>("operator");
  const [bounds, setBounds] = useState<Bounds>(boundsOf([]));
  const nameFault =
    name && !/^[a-z0-9._-]{1,32}$/.test(name)
      ? t("users.name_fault")
      : users.find(name)
        ? t("users.name_taken")
        : undefined;
  const fault = passwordFault(password, name);
  return (
    <FormDialog
      title={t("users.new")}
      onClose={onClose}
      submit={t("action.create")}
      disabled={!name || !!nameFault || !password || !!fault || !isWhole(bounds)}
      send={async () => {
        users.put(
          await ask(
            api.POST("/users", {
              body: { name, password, role: role as Role, must_change_password: true, sites: sitesOf(bounds) },
            }),
          ),
        );
        say(t("users.created", { name }));
      }}
    >
      <Text
        label={t("users.name")}
        value={name}
        onValue={setName}
        fault={nameFault}
        hint={t("users.name_hint")}
        autoFocus
        autoCapitalize="none"
      />
      <Secret
        label={t("users.password")}
        value={password}
        onValue={setPassword}
        fault={fault}
        hint={t("users.password_hint")}
      />
      <Radios label={t("users.role")} value={role} onValue={setRole} choices={roleChoices()} />
      <SitesField value={bounds} onValue={setBounds} />
    </FormDialog>
  );
}
