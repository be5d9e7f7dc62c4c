import * as Ariakit from "@ariakit/react";
import type { ComponentChildren } from "preact";

export interface Tab {
  id: string;
  label: string;
  content: () => ComponentChildren;
}

export function Tabs({
  tabs,
  selected,
  onSelect,
  label,
}: {
  tabs: Tab[];
  selected: string;
  onSelect: (id: string) => void;
  label: string;
}) {
  return (
    <Ariakit.TabProvider selectedId={selected} setSelectedId={(id: string | null | undefined) => id && onSelect(id)}>
      <Ariakit.TabList class="tabs" aria-label={label}>
        {tabs.map((tab) => (
          <Ariakit.Tab key={tab.id} id={tab.id} class="tab">
            {tab.label}
          </Ariakit.Tab>
        ))}
      </Ariakit.TabList>
      {tabs.map((tab) => (
        <Ariakit.TabPanel key={tab.id} tabId={tab.id} class="tab-panel stack">
          {tab.id === selected && tab.content()}
        </Ariakit.TabPanel>
      ))}
    </Ariakit.TabProvider>
  );
}
