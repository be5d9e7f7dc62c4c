import * as Ariakit from "@ariakit/react";
import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./Icon";

export interface Action {
  label: string;
  icon?: IconName;
  danger?: boolean;
  disabled?: boolean;
  run: () => void;
}

export function Menu({ label, icon = "more", actions, children, trigger = "icon-button" }: { label: string; icon?: IconName; actions: (Action | null)[]; children?: ComponentChildren; trigger?: string }) {
  const shown = actions.filter((a): a is Action => a !== null);
  if (!shown.length) return null;
  return (
    <Ariakit.MenuProvider placement="bottom-end">
      <Ariakit.MenuButton class={trigger} aria-label={children ? undefined : label} title={label} onClick={(e: Event) => e.stopPropagation()}>
        {children ?? <Icon name={icon} />}
      </Ariakit.MenuButton>
      <Ariakit.Menu class="menu" gutter={4} portal unmountOnHide onClick={(e: Event) => e.stopPropagation()}>
        {shown.map((action) => (
          <Ariakit.MenuItem key={action.label} class={`menu-item ${action.danger ? "danger" : ""}`} disabled={!!action.disabled} onClick={action.run}>
            {action.icon && <Icon name={action.icon} size={16} />}
            {action.label}
          </Ariakit.MenuItem>
        ))}
      </Ariakit.Menu>
    </Ariakit.MenuProvider>
  );
}
