import type { Phone } from "~/api/types";
import { t } from "~/i18n";
import { isOperator } from "~/live/session";
import { desks } from "~/live/store";
import { Button } from "~/parts/Button";
import { WorkButton } from "~/parts/WorkButton";
import { assign } from "./actions";

// One click where a hot desk waits for this MAC; else a dialog in which a person is chosen.
export function AssignButton({ phone, onAsk }: { phone: Phone; onAsk: () => void }) {
  if (!isOperator.value || phone.assigned_to) return null;
  const desk = desks.find(phone.mac);
  if (!desk || phone.conflict)
    return (
      <Button small onClick={onAsk}>
        {t("phones.assign")}
      </Button>
    );
  return (
    <WorkButton
      small
      kind="primary"
      work={() => assign(phone)}
      done={t("phones.assigned", { mac: phone.mac, to: desk.id })}
    >
      {t("phones.assign_to", { to: desk.id })}
    </WorkButton>
  );
}
