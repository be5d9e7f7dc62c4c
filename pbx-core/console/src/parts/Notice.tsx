import type { ComponentChildren } from "preact";
import { CoreSays } from "./CoreSays";
import { Icon, type IconName } from "./Icon";
import { detailOf, headline } from "./problems";

interface Props {
  tone: "info" | "warn" | "bad" | "good";
  icon?: IconName;
  children: ComponentChildren;
}

export function Notice({ tone, icon = "info", children }: Props) {
  return (
    <div class={`notice ${tone}`}>
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  );
}

// What is waited for.
export function Waiting({ children }: { children: ComponentChildren }) {
  return (
    <div class="notice info">
      <span class="spinner" />
      <div>{children}</div>
    </div>
  );
}

// What went wrong; nothing where `problem` is null.
export function Fault({ problem }: { problem: unknown }) {
  if (problem == null) return null;
  return (
    <div class="notice bad" role="alert">
      <Icon name="warn" />
      <div>
        <strong>{headline(problem)}</strong>
        {detailOf(problem) && (
          <p>
            <CoreSays text={detailOf(problem)} />
          </p>
        )}
      </div>
    </div>
  );
}
