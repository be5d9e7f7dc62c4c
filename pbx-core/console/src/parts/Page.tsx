import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "~/i18n";
import { Icon, type IconName } from "./Icon";
import { Fault } from "./Notice";
import { Button } from "./Button";
import type { Collection } from "~/live/collection";

export function Page({
  title,
  count,
  actions,
  children,
  narrow,
}: {
  title: string;
  count?: number | undefined;
  actions?: ComponentChildren;
  children: ComponentChildren;
  narrow?: boolean;
}) {
  useEffect(() => {
    document.title = t("app.title", { page: title });
  }, [title]);
  return (
    <div class={`page ${narrow ? "narrow" : ""}`}>
      <header class="page-header">
        <h1>
          {title}
          {count !== undefined && <span class="count">{count}</span>}
        </h1>
        <div class="actions">{actions}</div>
      </header>
      {children}
    </div>
  );
}

export function Empty({
  icon,
  title,
  text,
  children,
}: {
  icon: IconName;
  title: string;
  text?: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <Icon name={icon} size={30} />
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      {children && <div class="actions">{children}</div>}
    </div>
  );
}

export function Loading() {
  return (
    <div class="loading" role="status">
      <span class="spinner" />
      <span>{t("loading")}</span>
    </div>
  );
}

// What shows a list of the core's: asks for it, waits for it, says what went wrong.
export function Loaded({
  of: collections,
  children,
}: {
  of: readonly Pick<Collection<unknown>, "want" | "loaded" | "failed">[];
  children: () => ComponentChildren;
}) {
  useEffect(() => collections.forEach((c) => c.want()), []);
  const problem = collections.map((c) => (c.loaded.value ? null : c.failed.value)).find(Boolean);
  if (problem)
    return (
      <div class="stack">
        <Fault problem={problem} />
        <div>
          <Button icon="refresh" onClick={() => collections.forEach((c) => c.want())}>
            {t("action.retry")}
          </Button>
        </div>
      </div>
    );
  if (collections.some((c) => !c.loaded.value)) return <Loading />;
  return <>{children()}</>;
}

export function Card({
  title,
  actions,
  children,
  class: extra,
}: {
  title?: string;
  actions?: ComponentChildren;
  children: ComponentChildren;
  class?: string;
}) {
  return (
    <section class={`card ${extra ?? ""}`}>
      {title && (
        <header>
          <h2>{title}</h2>
          <div class="actions">{actions}</div>
        </header>
      )}
      {children}
    </section>
  );
}

// Names and values, as in a specification sheet.
export function Facts({ rows }: { rows: ([string, ComponentChildren] | null)[] }) {
  return (
    <dl class="facts">
      {rows
        .filter((r) => r !== null)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
