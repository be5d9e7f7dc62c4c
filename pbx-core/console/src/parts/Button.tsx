import type { ButtonHTMLAttributes, ComponentChildren } from "preact";
import { Icon, type IconName } from "./Icon";

type Kind = "plain" | "primary" | "danger" | "quiet";
export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "icon" | "class"> {
  class?: string;
  kind?: Kind;
  icon?: IconName;
  small?: boolean;
  busy?: boolean;
  children?: ComponentChildren;
}

export function Button({ kind = "plain", icon, small, busy, children, class: extra, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      class={`button ${kind} ${small ? "small" : ""} ${extra ?? ""}`}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
    >
      {busy ? <span class="spinner" /> : icon && <Icon name={icon} size={small ? 15 : 17} />}
      {children != null && <span>{children}</span>}
    </button>
  );
}

// A picture needs a name.
export function IconButton({
  icon,
  label,
  small,
  class: extra,
  ...rest
}: Omit<ButtonProps, "children" | "kind"> & { icon: IconName; label: string }) {
  return (
    <button
      type="button"
      {...rest}
      class={`icon-button ${small ? "small" : ""} ${extra ?? ""}`}
      aria-label={label}
      title={label}
    >
      <Icon name={icon} size={small ? 16 : 18} />
    </button>
  );
}
