import { useState } from "preact/hooks";
import type { Phone } from "~/api/types";
import { t } from "~/i18n";
import { desks, phones } from "~/live/store";
import { AssignButton } from "~/pages/phones/AssignButton";
import { DeskForm } from "~/pages/hot_desks/DeskForm";
import { Button } from "~/parts/Button";
import { DeskState, deskTitle } from "~/parts/who";
import { PhoneList } from "./PhoneList";

// A phone that is there becomes a hot desk and is assigned in two clicks; one that isn't yet is defined by its MAC.
export function DeskStep() {
  const [defining, setDefining] = useState<string | null>(null);
  const loose = phones.all.value.filter((p) => !p.assigned_to);
  const action = (p: Phone) =>
    desks.find(p.mac) ? (
      <AssignButton phone={p} onAsk={() => {}} />
    ) : (
      <Button small kind="primary" onClick={() => setDefining(p.mac)}>
        {t("setup.make_desk")}
      </Button>
    );
  return (
    <>
      <p>
        {t("desks.none_text")} {t("setup.desk_text")}
      </p>
      {(loose.length > 0 || !desks.all.value.length) && <PhoneList phones={loose} action={action} />}
      {desks.all.value.length > 0 && (
        <ul class="found">
          {desks.all.value.slice(0, 12).map((d) => (
            <li key={d.mac}>
              <b>{deskTitle(d)}</b>
              <span class="mono muted">{d.mac}</span>
              <span class="spring" />
              <DeskState desk={d} />
            </li>
          ))}
        </ul>
      )}
      <div>
        <Button icon="plus" onClick={() => setDefining("")}>
          {t("setup.define_by_mac")}
        </Button>
      </div>
      {defining !== null && <DeskForm desk={null} mac={defining} onClose={() => setDefining(null)} />}
    </>
  );
}
