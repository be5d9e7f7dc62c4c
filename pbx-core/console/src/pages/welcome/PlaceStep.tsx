import { useState } from "preact/hooks";
import { t } from "~/i18n";
import { phones, sbcs } from "~/live/store";
import { Button } from "~/parts/Button";
import { Fault, Notice } from "~/parts/Notice";
import { Radios } from "~/parts/Choices";
import { useWork } from "~/parts/work";
import { EnrolmentSteps } from "~/pages/sbcs/Enrolment";
import type { NewKey } from "~/pages/sbcs/actions";
import { useSbcDraft } from "~/pages/sbcs/draft";
import { PhoneList } from "./PhoneList";

// The first phones are either in the core's own network, or at a branch behind an SBC.
export function PlaceStep({ made, setMade }: { made: NewKey | null; setMade: (made: NewKey) => void }) {
  const [where, setWhere] = useState(made || sbcs.all.value.length ? "branch" : "local");
  const { ready, fields, create } = useSbcDraft();
  const { busy, problem, onSubmit } = useWork();
  const add = async () => {
    if (ready) setMade(await create());
  };
  const local = phones.all.value.filter((p) => p.site === "local");
  return (
    <>
      <Radios
        label={t("setup.where")}
        value={where}
        onValue={setWhere}
        choices={[
          { value: "local", label: t("setup.local"), detail: t("setup.local_hint") },
          { value: "branch", label: t("setup.branch"), detail: t("setup.branch_hint") },
        ]}
      />
      {where === "local" ? (
        <>
          <p>{t("setup.plug_in")}</p>
          <PhoneList phones={local} />
        </>
      ) : made ? (
        <EnrolmentSteps name={made.name} enrolmentKey={made.key} />
      ) : (
        <>
          {sbcs.all.value.length > 0 && (
            <Notice tone={sbcs.all.value.some((s) => s.connected) ? "good" : "info"} icon="branch">
              {t("setup.sbcs_there", {
                names: sbcs.all.value
                  .map((s) => s.name)
                  .slice(0, 6)
                  .join(", "),
              })}
            </Notice>
          )}
          <Fault problem={problem} />
          <form class="form" onSubmit={onSubmit(add)}>
            <div class="pair">{fields}</div>
            <div>
              <Button kind="primary" type="submit" busy={busy} disabled={!ready}>
                {t("sbcs.add")}
              </Button>
            </div>
          </form>
        </>
      )}
    </>
  );
}
