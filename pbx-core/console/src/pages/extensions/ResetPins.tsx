import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import { Problem } from "~/api/problem";
import { t, tn } from "~/i18n";
import { extensions } from "~/live/store";
import { FormDialog } from "~/parts/FormDialog";
import { changedMeanwhile } from "~/parts/many_changes";
import { useStake } from "~/parts/leaving";
import { Fault } from "~/parts/Notice";
import { randomPin } from "./pin";
import { PinsDialog, type NewPin } from "./PinsDialog";

// New PINs for many: one after the other, and shown this once. Where one is refused, those before it have theirs. Nobody
// gets one over what somebody else has changed since the dialog was opened: that may be a PIN that is told already.
export function ResetPins({ numbers, onClose }: { numbers: string[]; onClose: () => void }) {
  const [made, setMade] = useState<NewPin[]>([]);
  const [ended, setEnded] = useState(false);
  useStake("secret", made.length > 0 && !ended);
  const [problem, setProblem] = useState<unknown>(null);
  const [seen] = useState(() => numbers.flatMap((number) => extensions.find(number) ?? []));
  if (ended && made.length)
    return (
      <PinsDialog pins={made} onClose={onClose}>
        <Fault problem={problem} />
        {problem != null && <p>{t("pins.not_all", { done: made.length, all: numbers.length })}</p>}
      </PinsDialog>
    );
  const send = async (): Promise<false> => {
    const done: NewPin[] = [];
    try {
      for (const { number, name, version } of seen) {
        const voicemail_pin = randomPin(number);
        const changed = await ask(
          api.PATCH("/extensions/{number}", {
            params: { path: { number } },
            headers: { "If-Match": version },
            body: { voicemail_pin },
          }),
        ).catch((fault: unknown) => {
          throw fault instanceof Problem && fault.status === 412
            ? changedMeanwhile([`${number} ${name}`.trim()])
            : fault;
        });
        extensions.put(changed);
        done.push({ number, name, voicemail_pin });
        setMade([...done]);
      }
    } catch (fault) {
      if (!done.length) throw fault;
      setProblem(fault);
    }
    setEnded(true);
    return false;
  };
  return (
    <FormDialog
      title={tn("pins.reset_title", numbers.length)}
      onClose={onClose}
      locked={made.length > 0}
      submit={t("extensions.reset_pins")}
      send={send}
    >
      <p>{t("pin.text")}</p>
      <p>{t("pins.reset_text")}</p>
      {made.length > 0 && <progress max={numbers.length} value={made.length} aria-label={t("jobs.progress")} />}
    </FormDialog>
  );
}
