import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import { t } from "~/i18n";
import { refreshMe } from "~/live/session";
import { CopyBlock } from "~/parts/Copy";
import { Text } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";
import { QrCode } from "~/parts/QrCode";

export function ScanDialog({
  secret,
  uri,
  onClose,
  onDone,
}: {
  secret: string;
  uri: string;
  onClose: () => void;
  onDone: (codes: string[]) => void;
}) {
  const [code, setCode] = useState("");
  return (
    <FormDialog
      title={t("totp.switch_on")}
      onClose={onClose}
      submit={t("totp.confirm")}
      disabled={!/^\d{6}$/.test(code.replace(/\s/g, ""))}
      send={async () => {
        const { recovery_codes } = await ask(api.POST("/me/totp/confirm", { body: { code: code.replace(/\s/g, "") } }));
        onDone(recovery_codes);
        return false;
      }}
    >
      <p>{t("totp.scan")}</p>
      <div class="row">
        <QrCode text={uri} label={t("totp.qr")} />
      </div>
      <div class="stack">
        <span class="hint">{t("totp.secret")}</span>
        <CopyBlock text={secret} label={t("totp.secret")} />
      </div>
      <Text
        label={t("login.code")}
        value={code}
        onValue={setCode}
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus
      />
    </FormDialog>
  );
}

export function OffDialog({ onClose }: { onClose: () => void }) {
  const [password, setPassword] = useState("");
  return (
    <FormDialog
      title={t("totp.switch_off")}
      onClose={onClose}
      submit={t("totp.switch_off")}
      danger
      disabled={!password}
      send={async () => {
        await ask(api.DELETE("/me/totp", { body: { password } }));
        await refreshMe();
      }}
    >
      <p>{t("totp.off_text")}</p>
      <Text
        label={t("profile.current_password")}
        value={password}
        onValue={setPassword}
        type="password"
        autoComplete="current-password"
        autoFocus
      />
    </FormDialog>
  );
}
