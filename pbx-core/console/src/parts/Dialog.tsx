import * as Ariakit from "@ariakit/react";
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "~/i18n";
import { Button, IconButton } from "./Button";
import { headline, detailOf } from "./Toast";
import { Icon } from "./Icon";

interface Props {
  title: string;
  onClose: () => void;
  drawer?: boolean; // from the side, for things that are read and edited beside their list
  wide?: boolean;
  children: ComponentChildren;
  footer?: ComponentChildren;
  alert?: boolean;
  locked?: boolean; // shows something once: neither Escape nor a click beside it closes it
  aside?: ComponentChildren; // beside the title
}

export function Dialog({ title, onClose, drawer, wide, children, footer, alert, locked, aside }: Props) {
  return (
    <Ariakit.Dialog
      open
      onClose={onClose}
      hideOnEscape={!locked}
      hideOnInteractOutside={!locked}
      backdrop={<div class="backdrop" />}
      class={`dialog ${drawer ? "drawer" : ""} ${wide ? "wide" : ""}`}
      role={alert ? "alertdialog" : "dialog"}
    >
      <header>
        <Ariakit.DialogHeading>{title}</Ariakit.DialogHeading>
        {aside}
        {!locked && <IconButton icon="close" label={t("action.close")} onClick={onClose} />}
      </header>
      <div class="body">{children}</div>
      {footer && <footer>{footer}</footer>}
    </Ariakit.Dialog>
  );
}

// A form in a dialog: sends once, shows what the core refuses where it stands, closes when done.
export function FormDialog({
  title,
  onClose,
  submit,
  send,
  children,
  drawer,
  wide,
  danger,
  disabled,
  extra,
}: Omit<Props, "footer"> & {
  submit: string;
  send: () => Promise<void | false>;
  danger?: boolean;
  disabled?: boolean;
  extra?: ComponentChildren;
}) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const onSubmit = async (event: Event) => {
    event.preventDefault();
    if (busy || disabled) return;
    setBusy(true);
    setProblem(null);
    try {
      if ((await send()) !== false) onClose();
    } catch (fault) {
      setProblem(fault);
    } finally {
      setBusy(false);
    }
  };
  const id = `form-${title.length}`;
  return (
    <Dialog
      title={title}
      onClose={onClose}
      {...(drawer ? { drawer } : {})}
      {...(wide ? { wide } : {})}
      footer={
        <>
          {extra}
          <span class="spring" />
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button kind={danger ? "danger" : "primary"} type="submit" form={id} busy={busy} disabled={!!disabled}>
            {submit}
          </Button>
        </>
      }
    >
      <form id={id} class="form" onSubmit={onSubmit} noValidate>
        {problem != null && <Fault problem={problem} />}
        {children}
      </form>
    </Dialog>
  );
}

export function Fault({ problem }: { problem: unknown }) {
  return (
    <div class="notice bad" role="alert">
      <Icon name="warn" />
      <div>
        <strong>{headline(problem)}</strong>
        {detailOf(problem) && <p lang="en">{detailOf(problem)}</p>}
      </div>
    </div>
  );
}

export function Notice({
  tone,
  icon = "info",
  children,
}: {
  tone: "info" | "warn" | "bad" | "good";
  icon?: Parameters<typeof Icon>[0]["name"];
  children: ComponentChildren;
}) {
  return (
    <div class={`notice ${tone}`}>
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  );
}

interface Question {
  title: string;
  text: ComponentChildren;
  yes: string;
  danger?: boolean;
  then: () => Promise<void>;
}
const question = signal<Question | null>(null);

// "Do you really": says what will happen, then does it; a refusal is shown in it.
export const confirm = (q: Question) => {
  question.value = q;
};

export function Confirmation() {
  const q = question.value;
  if (!q) return null;
  return (
    <FormDialog
      title={q.title}
      submit={q.yes}
      danger={!!q.danger}
      alert
      onClose={() => (question.value = null)}
      send={q.then}
    >
      <div class="prose">{q.text}</div>
    </FormDialog>
  );
}
