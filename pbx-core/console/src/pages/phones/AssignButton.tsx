import type { Phone } from "~/api/types";
import { t } from "~/i18n";
import { isOperator } from "~/live/session";
import { desks } from "~/live/store";
import { Button } from "~/parts/Button";
import { WorkButton } from "~/parts/WorkButton";
import { assign } from "./actions";

// One click where a hot desk waits for this MAC; else it becomes a hot desk, or that of a person whom a dialog asks for.
export function AssignButton({
  phone,
  onAsk,
  onDefine,
}: {
  phone: Phone;
  onAsk: () => void;
  onDefine?: (() => void) | null; // makes it a hot desk; null where the role may not
}) {
  if (!isOperator.value || phone.assigned_to) return null;
  const desk = desks.find(phone.mac);
  if (!desk && onDefine && !phone.conflict)
    return (
      <Button small kind="primary" onClick={onDefine}>
        {t("setup.make_desk")}
      </Button>
    );
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
