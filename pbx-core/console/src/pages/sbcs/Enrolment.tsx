import { useEffect, useState } from "preact/hooks";
import { t } from "~/i18n";
import { sbcs } from "~/live/store";
import { CopyBlock } from "~/parts/Copy";
import { Dialog } from "~/parts/Dialog";
import { useStake } from "~/parts/leaving";
import { Notice, Waiting } from "~/parts/Notice";
import { Text } from "~/parts/Field";
import { QrCode } from "~/parts/QrCode";
import { LastButton } from "~/parts/ShownOnce";
import { api, ask } from "~/api/client";
import type { Installer } from "~/api/types";
import { commandsFor, isLoopback, isPlace, placeOf } from "./commands";

// What was entered as the core's address, for the next SBC.
let known = "";

// The SBC has come with its key: nobody needs that any more.
export const isSpent = (name: string): boolean => !!sbcs.find(name)?.connected;

// What to paste at the branch, and the SBC coming up, live. The key is shown this once.
export function EnrolmentSteps({ name, enrolmentKey }: { name: string; enrolmentKey: string }) {
  const [address, setAddress] = useState("");
  const here = window.location.hostname;
  const [core, setCore] = useState(() => known || (isLoopback(here) ? "" : here));
  const [installer, setInstaller] = useState<Installer | null>(null);
  // Without it there are the steps by hand.
  useEffect(() => void ask(api.GET("/installer")).then(setInstaller, () => {}), []);
  const sbc = sbcs.find(name);
  return (
    <div class="stack">
      <Notice tone="warn" icon="key">
        {t("enrolment.once")}
      </Notice>
      <Text
        label={t("enrolment.core")}
        value={core}
        onValue={(value) => {
          known = value.trim();
          setCore(value);
        }}
        hint={
          isLoopback(core.trim()) ? t("enrolment.core_loopback", { address: core.trim() }) : t("enrolment.core_hint")
        }
        fault={core && !isPlace(core.trim()) ? t("enrolment.core_fault") : undefined}
        autoComplete="off"
      />
      <Text
        label={t("enrolment.lan")}
        value={address}
        onValue={setAddress}
        placeholder="192.168.1.5"
        hint={t("enrolment.lan_hint")}
        inputMode="decimal"
      />
      <div class="stack">
        <h3>{t("enrolment.commands")}</h3>
        {isPlace(core.trim()) ? (
          <>
            <CopyBlock
              text={commandsFor(enrolmentKey, placeOf(window.location, core.trim()), address, installer)}
              label={t("enrolment.commands")}
            />
            <p class="hint">{t(installer?.available ? "enrolment.line_hint" : "enrolment.commands_hint")}</p>
          </>
        ) : (
          <Notice tone="info">{t("enrolment.core_needed", { address: here })}</Notice>
        )}
      </div>
      <div class="enrolment-key">
        <QrCode text={enrolmentKey} label={t("enrolment.qr")} />
        <div class="stack">
          <h3>{t("enrolment.key")}</h3>
          <CopyBlock text={enrolmentKey} label={t("enrolment.key")} />
          <p class="hint">{t("enrolment.key_hint")}</p>
        </div>
      </div>
      <div role="status">
        {sbc?.connected ? (
          <Notice tone="good" icon="check">
            {t("enrolment.up", { name, version: sbc.version ?? "", lan: sbc.lan.join(", ") })}
          </Notice>
        ) : (
          <Waiting>{t(sbc?.enrolled ? "enrolment.enrolled" : "enrolment.waiting", { name })}</Waiting>
        )}
      </div>
    </div>
  );
}

export function Enrolment({
  name,
  enrolmentKey,
  onClose,
}: {
  name: string;
  enrolmentKey: string;
  onClose: () => void;
}) {
  const closing = useStake("secret", !isSpent(name));
  const close = () => void closing(async () => onClose());
  return (
    <Dialog
      wide
      locked
      title={t("enrolment.title", { name })}
      onClose={close}
      footer={<LastButton text={t(isSpent(name) ? "action.done" : "pin.noted")} onClick={close} />}
    >
      <EnrolmentSteps name={name} enrolmentKey={enrolmentKey} />
    </Dialog>
  );
}
