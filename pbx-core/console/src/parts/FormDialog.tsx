import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { t } from "~/i18n";
import { Button } from "./Button";
import { Dialog, type DialogProps } from "./Dialog";
import { Fault } from "./Notice";
import { useWork } from "./work";

interface Props extends Omit<DialogProps, "footer"> {
  submit: string; // what its button says
  send: () => Promise<void | false>; // false: the dialog stays
  danger?: boolean;
  disabled?: boolean; // it can't be sent as it is filled in
  extra?: ComponentChildren; // at the left of its buttons
}

// A form in a dialog: sends once, shows what the core refuses where it stands, closes when done.
export function FormDialog({ submit, send, danger, disabled, extra, children, ...dialog }: Props) {
  const { busy, problem, onSubmit } = useWork();
  const id = useId();
  const sendAndClose = async () => {
    if (!disabled && (await send()) !== false) dialog.onClose();
  };
  return (
    <Dialog
      {...dialog}
      footer={
        <>
          {extra}
          <span class="spring" />
          <Button onClick={dialog.onClose}>{t("action.cancel")}</Button>
          <Button kind={danger ? "danger" : "primary"} type="submit" form={id} busy={busy} disabled={disabled}>
            {submit}
          </Button>
        </>
      }
    >
      <form id={id} class="form" onSubmit={onSubmit(sendAndClose)} noValidate>
        <Fault problem={problem} />
        {children}
      </form>
    </Dialog>
  );
}
