import type { ComponentChildren } from "preact";
import { Button } from "./Button";

// Makes what the page is a list of; the key `n` presses it.
export function NewButton({ onClick, children }: { onClick: () => void; children: ComponentChildren }) {
  return (
    <Button kind="primary" icon="plus" data-new aria-keyshortcuts="n" onClick={onClick}>
      {children}
    </Button>
  );
}
