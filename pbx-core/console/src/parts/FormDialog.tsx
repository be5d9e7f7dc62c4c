import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "~/i18n";
import { Button } from "./Button";
import { Dialog, type DialogProps } from "./Dialog";
import { askToDrop, useStake } from "./leaving";
import { Fault } from "./Notice";
import { useWork } from "./work";
import { useOwnId } from "./id";

interface Props extends Omit<DialogProps, "footer" | "keeps"> {
  submit: string; // what its button says
  send: () => Promise<void | false>; // false: the dialog stays
  danger?: boolean;
  disabled?: boolean; // it can't be sent as it is filled in
  extra?: ComponentChildren; // at the left of its buttons
}

// A form in a dialog: sends once, shows what the core refuses where it stands, closes when done. Once something was typed
// only Cancel closes it without a question.
export function FormDialog({ submit, send, danger, disabled, extra, children, ...dialog }: Props) {
  const { busy, problem, forget, onSubmit } = useWork();
  const [touched, setTouched] = useState(false);
  const sending = useStake("unsaved", touched);
  const id = useOwnId();
  const sendAndClose = () =>
    sending(async () => {
      if (!disabled && (await send()) !== false) dialog.onClose();
    });
  const cancel = () => void sending(async () => dialog.onClose());
  return (
    <Dialog
      {...dialog}
      keeps={touched}
      onClose={() => (touched ? askToDrop("unsaved", cancel) : dialog.onClose())}
      footer={
        <>
          {extra}
          <span class="spring" />
          {!dialog.locked && <Button onClick={cancel}>{t("action.cancel")}</Button>}
          <Button kind={danger ? "danger" : "primary"} type="submit" form={id} busy={busy} disabled={disabled}>
            {submit}
          </Button>
        </>
      }
    >
      <form
        id={id}
        class="form"
        onSubmit={onSubmit(sendAndClose)}
        onInput={() => {
          setTouched(true);
          forget();
        }}
        onChange={() => setTouched(true)}
        noValidate
      >
        <Fault problem={problem} />
        {children}
      </form>
    </Dialog>
  );
}
