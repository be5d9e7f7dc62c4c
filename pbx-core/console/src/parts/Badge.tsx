import type { ComponentChildren } from "preact";

export type Tone = "neutral" | "good" | "warn" | "bad" | "info";

export function Badge({
  tone = "neutral",
  dot,
  children,
  title,
}: {
  tone?: Tone;
  dot?: boolean;
  children: ComponentChildren;
  title?: string;
}) {
  return (
    <span class={`badge ${tone}`} title={title}>
      {dot && <span class="dot" />}
      {children}
    </span>
  );
}
