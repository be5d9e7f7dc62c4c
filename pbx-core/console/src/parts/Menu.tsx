import * as Ariakit from "@ariakit/react";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./Icon";
import { useOwnId } from "./id";

export interface Action {
  label: string;
  icon?: IconName;
  danger?: boolean;
  disabled?: boolean;
  run: () => void;
}

// Where the focus goes as a menu opens: a mouse's user sees nothing chosen yet, a keyboard's the first item or, with the arrow upwards, the last.
type Entered = "container" | "first" | "last";
const arrows: Record<string, Entered> = { ArrowDown: "first", ArrowUp: "last" };

// Only a button until somebody first wants it: each row of a long table has a menu, which costs more to make than the rest of its row.
export function Menu({
  label,
  icon = "more",
  actions,
  children,
  trigger = "icon-button",
}: {
  label: string;
  icon?: IconName;
  actions: (Action | null)[];
  children?: ComponentChildren;
  trigger?: string;
}) {
  const [open, setOpen] = useState(false);
  const [entered, setEntered] = useState<Entered | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useOwnId();
  const shown = actions.filter((a): a is Action => a !== null);
  if (!shown.length) return null;
  const enter = (how: Entered) => {
    setEntered(how);
    setOpen(true);
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        class={trigger}
        aria-label={children ? undefined : label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open ? "true" : "false"}
        aria-controls={open ? id : undefined}
        onClick={(e) => {
          e.stopPropagation();
          if (open) setOpen(false);
          else enter(e.detail === 0 ? "first" : "container"); // a key's click has no count
        }}
        onKeyDown={(e) => {
          const how = arrows[e.key];
          if (!how) return;
          e.preventDefault();
          enter(how);
        }}
      >
        {children ?? <Icon name={icon} />}
      </button>
      {entered && (
        <Items id={id} label={label} button={button} open={open} setOpen={setOpen} entered={entered} actions={shown} />
      )}
    </>
  );
}

interface ItemsProps {
  id: string;
  label: string;
  button: { current: HTMLElement | null };
  open: boolean;
  setOpen: (open: boolean) => void;
  entered: Entered;
  actions: Action[];
}

function Items({ id, label, button, open, setOpen, entered, actions }: ItemsProps) {
  const menu = Ariakit.useMenuStore({ placement: "bottom-end", open, setOpen });
  useLayoutEffect(() => {
    menu.setAnchorElement(button.current);
    menu.setDisclosureElement(button.current); // a click on it isn't one outside, and the focus goes back to it
    menu.setInitialFocus(entered);
    menu.setAutoFocusOnShow(open);
  }, [menu, entered, open]);
  return (
    <Ariakit.Menu
      store={menu}
      id={id}
      aria-label={label}
      class="menu"
      gutter={4}
      portal
      preserveTabOrder={false}
      unmountOnHide
      onClick={(e: Event) => e.stopPropagation()}
      onKeyDown={(e: KeyboardEvent) => {
        if (e.key !== "Tab") return;
        setOpen(false);
        button.current?.focus(); // from where the browser goes on to what is next
      }}
    >
      {actions.map((action) => (
        <Ariakit.MenuItem
          key={action.label}
          class={`menu-item ${action.danger ? "danger" : ""}`}
          disabled={!!action.disabled}
          onClick={action.run}
        >
          {action.icon && <Icon name={action.icon} size={16} />}
          {action.label}
        </Ariakit.MenuItem>
      ))}
    </Ariakit.Menu>
  );
}
