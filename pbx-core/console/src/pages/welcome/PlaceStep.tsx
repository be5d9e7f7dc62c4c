import { useState } from "preact/hooks";
import { t } from "~/i18n";
import { phones, sbcs } from "~/live/store";
import { Button } from "~/parts/Button";
import { Fault, Notice } from "~/parts/Dialog";
import { Radios, Text } from "~/parts/Field";
import { TimeZone } from "~/parts/TimeZone";
import { EnrolmentSteps } from "~/pages/sbcs/Enrolment";
import { createSbc, sbcNameFault } from "~/pages/sbcs/NewSbc";
import { PhoneList } from "./PhoneList";

const example = "branch-1";

// The first phones are either in the core's own network, or at a branch behind an SBC.
export function PlaceStep() {
  const [where, setWhere] = useState(sbcs.all.value.length ? "branch" : "local");
  const [name, setName] = useState("");
  const [zone, setZone] = useState(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [made, setMade] = useState<{ name: string; key: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const fault = made ? undefined : sbcNameFault(name);
  const add = async (event: Event) => {
    event.preventDefault();
    if (busy || !name || fault) return;
    setBusy(true);
    setProblem(null);
    try {
      setMade({ name, key: await createSbc(name, zone) });
    } catch (wrong) {
      setProblem(wrong);
    }
    setBusy(false);
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
          {problem != null && <Fault problem={problem} />}
          <form class="form" onSubmit={add}>
            <div class="pair">
              <Text
                label={t("sbcs.name")}
                value={name}
                onValue={setName}
                fault={fault}
                hint={t("sbcs.name_hint")}
                placeholder={example}
                autoCapitalize="none"
              />
              <TimeZone label={t("sbcs.time_zone")} value={zone} onValue={setZone} hint={t("sbcs.time_zone_hint")} />
            </div>
            <div>
              <Button kind="primary" type="submit" busy={busy} disabled={!name || !!fault || !zone}>
                {t("sbcs.add")}
              </Button>
            </div>
          </form>
        </>
      )}
    </>
  );
}
