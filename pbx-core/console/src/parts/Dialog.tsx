import * as Ariakit from "@ariakit/react";
import type { ComponentChildren } from "preact";
import { t } from "~/i18n";
import { IconButton } from "./Button";

export interface DialogProps {
  title: string;
  onClose: () => void;
  drawer?: boolean; // from the side, for things that are read and edited beside their list
  wide?: boolean;
  children: ComponentChildren;
  footer?: ComponentChildren;
  alert?: boolean;
  keeps?: boolean; // it may stay where somebody closes it: onClose asks first
  locked?: boolean; // shows something once: neither Escape nor a click beside it closes it
  aside?: ComponentChildren; // beside the title
}

const isCloseButton = (element: HTMLElement) => element.hasAttribute("data-close");

// Where nothing says where to begin, the way out isn't the first thing: a form's first field is, or the dialog itself.
function focusInstead(close: HTMLElement): boolean {
  const dialog = close.closest<HTMLElement>("[role=dialog],[role=alertdialog]");
  const field = dialog?.querySelector<HTMLElement>("form :is(input, select, textarea):not([disabled], [type=hidden])");
  const to = field ?? dialog;
  to?.focus();
  return !!to;
}

export function Dialog({ title, onClose, drawer, wide, children, footer, alert, keeps, locked, aside }: DialogProps) {
  return (
    <Ariakit.Dialog
      open
      onClose={(event) => {
        if (keeps) event.preventDefault();
        onClose();
      }}
      autoFocusOnShow={(element) => !element || !isCloseButton(element) || !focusInstead(element)}
      hideOnEscape={!locked}
      hideOnInteractOutside={!locked}
      backdrop={<div class="backdrop" />}
      class={`dialog ${drawer ? "drawer" : ""} ${wide ? "wide" : ""}`}
      role={alert ? "alertdialog" : "dialog"}
    >
      <header>
        <Ariakit.DialogHeading>{title}</Ariakit.DialogHeading>
        {aside}
        {!locked && <IconButton icon="close" label={t("action.close")} onClick={onClose} data-close />}
      </header>
      <div class="body">{children}</div>
      {footer && <footer>{footer}</footer>}
    </Ariakit.Dialog>
  );
}
