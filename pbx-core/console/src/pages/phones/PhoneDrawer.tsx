import type { Phone } from "~/api/types";
import { t, tcode } from "~/i18n";
import { isOperator } from "~/live/session";
import { Button } from "~/parts/Button";
import { Dialog, Notice } from "~/parts/Dialog";
import { Facts } from "~/parts/Page";
import { PhoneState, siteName } from "~/parts/who";
import { actionsOf, AssignButton, AssignedTo, Firmware, modelOf } from "./Phones";

export function PhoneDrawer({ phone, onClose, onAssign }: { phone: Phone; onClose: () => void; onAssign: () => void }) {
  const actions = actionsOf(phone);
  return (
    <Dialog
      drawer
      title={modelOf(phone) || phone.mac}
      onClose={onClose}
      footer={
        isOperator.value && (
          <>
            <AssignButton phone={phone} onAsk={onAssign} />
            <span class="spring" />
            {actions.map((a) => (
              <Button key={a.label} small {...(a.icon ? { icon: a.icon } : {})} disabled={!!a.disabled} onClick={a.run}>{a.label}</Button>
            ))}
          </>
        )
      }
    >
      {phone.state === "needs_restart" && <Notice tone="warn" icon="bolt">{t("phone.state_hint.needs_restart")}</Notice>}
      {!phone.firmware_ok && <Notice tone="warn" icon="warn">{t("phones.firmware_old")}</Notice>}
      <Facts
        rows={[
          [t("phones.state"), <><PhoneState state={phone.state} /> <p class="hint">{tcode("phone.state_hint", phone.state)}</p></>],
          [t("phones.assigned_to"), <AssignedTo phone={phone} />],
          [t("phones.mac"), <span class="mono">{phone.mac}</span>],
          [t("phones.model"), modelOf(phone) || t("phones.unknown_model")],
          [t("phones.firmware"), <Firmware phone={phone} />],
          [t("phones.site"), siteName(phone.site)],
          [t("phones.address"), <span class="number">{phone.address || t("none")}</span>],
        ]}
      />
    </Dialog>
  );
}
