import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import { t } from "~/i18n";
import { me, refreshMe } from "~/live/session";
import { Badge } from "~/parts/Badge";
import { Button } from "~/parts/Button";
import { Fault } from "~/parts/Notice";
import { Card } from "~/parts/Page";
import { ShownOnce } from "~/parts/ShownOnce";
import { useWork } from "~/parts/work";
import { OffDialog, ScanDialog } from "./SecondFactorDialogs";

type Step =
  { what: "scan"; secret: string; uri: string } | { what: "recovery"; codes: string[] } | { what: "off" } | null;

export function SecondFactor() {
  const [step, setStep] = useState<Step>(null);
  const { busy, problem, run } = useWork();
  const on = !!me.value?.totp;
  const begin = async () => setStep({ what: "scan", ...(await ask(api.POST("/me/totp"))) });
  return (
    <Card
      title={t("totp.title")}
      actions={<Badge tone={on ? "good" : "warn"}>{t(on ? "users.totp_on" : "users.totp_off")}</Badge>}
    >
      <Fault problem={problem} />
      <p class="muted">{t(on ? "totp.text_on" : "totp.text_off")}</p>
      <div>
        {on ? (
          <Button onClick={() => setStep({ what: "off" })}>{t("totp.switch_off")}</Button>
        ) : (
          <Button kind="primary" icon="shield" busy={busy} onClick={() => void run(begin)}>
            {t("totp.switch_on")}
          </Button>
        )}
      </div>
      {step?.what === "scan" && (
        <ScanDialog
          secret={step.secret}
          uri={step.uri}
          onClose={() => setStep(null)}
          onDone={(codes) => setStep({ what: "recovery", codes })}
        />
      )}
      {step?.what === "recovery" && (
        <ShownOnce
          title={t("totp.recovery_title")}
          notice={t("totp.recovery_text")}
          text={step.codes.join("\n")}
          label={t("totp.recovery_title")}
          done={t("totp.noted")}
          onClose={() => {
            setStep(null);
            void refreshMe();
          }}
        />
      )}
      {step?.what === "off" && <OffDialog onClose={() => setStep(null)} />}
    </Card>
  );
}
