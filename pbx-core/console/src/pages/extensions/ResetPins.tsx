import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import { t, tn } from "~/i18n";
import { extensions } from "~/live/store";
import { FormDialog } from "~/parts/FormDialog";
import { useStake } from "~/parts/leaving";
import { Fault } from "~/parts/Notice";
import { randomPin } from "./pin";
import { PinsDialog, type NewPin } from "./PinsDialog";

// New PINs for many: one after the other, and shown this once. Where one is refused, those before it have theirs.
export function ResetPins({ numbers, onClose }: { numbers: string[]; onClose: () => void }) {
  const [made, setMade] = useState<NewPin[]>([]);
  const [ended, setEnded] = useState(false);
  useStake("secret", made.length > 0 && !ended);
  const [problem, setProblem] = useState<unknown>(null);
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
      for (const number of numbers) {
        const voicemail_pin = randomPin(number);
        await ask(api.PATCH("/extensions/{number}", { params: { path: { number } }, body: { voicemail_pin } }));
        done.push({ number, name: extensions.find(number)?.name ?? "", voicemail_pin });
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
