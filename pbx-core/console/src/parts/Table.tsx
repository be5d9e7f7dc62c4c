import type { ComponentChildren } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { t, tn } from "~/i18n";
import type { TableProps } from "./columns";
import { Check } from "./Choices";
import { Icon } from "./Icon";
import { TableRow } from "./TableRow";
import { useVirtual } from "./virtual";

export type { Column } from "./columns";

const narrow = window.matchMedia("(max-width: 47.99rem)");
function useNarrow(): boolean {
  const [is, set] = useState(narrow.matches);
  useLayoutEffect(() => {
    const changed = () => set(narrow.matches);
    narrow.addEventListener("change", changed);
    return () => narrow.removeEventListener("change", changed);
  }, []);
  return is;
}

const virtualFrom = 80; // rows; fewer are all drawn

export function Table<T>(table: TableProps<T>) {
  const { label, rows, columns, rowKey, actions, wideActions, selected, onSelect, empty, order } = table;
  const [sorting, setSorting] = useState(order ?? null);
  const cards = useNarrow();
  const element = useRef<HTMLTableElement>(null);
  const [margin, setMargin] = useState(0);
  const [height, setHeight] = useState(41); // of a row of the table; as cards they differ

  const sorted = useMemo(() => {
    const sort = columns.find((c) => c.id === sorting?.by)?.sort;
    if (!sort) return rows;
    const list = [...rows].sort(sort);
    return sorting!.down ? list.reverse() : list;
  }, [rows, sorting, columns]);

  const many = sorted.length > virtualFrom;
  const virtualizer = useVirtual(sorted.length, cards ? 76 : height, margin, cards ? 7 : 0, many);
  useLayoutEffect(() => {
    if (virtualizer.isScrolling) return; // to look would cost a layout for each frame
    setMargin(element.current ? Math.round(element.current.getBoundingClientRect().top + window.scrollY) : 0);
    const row = cards ? null : element.current?.querySelector("tr[data-index]");
    if (row) setHeight(Math.round(row.getBoundingClientRect().height));
  });
  if (!rows.length && empty) return <>{empty}</>;

  const items = many ? virtualizer.getVirtualItems() : [];
  const shown = many ? items.map((i) => i.index) : sorted.map((_, i) => i);
  const before = items.length ? items[0]!.start - margin : 0;
  const after = items.length ? virtualizer.getTotalSize() - (items[items.length - 1]!.end - margin) : 0;
  const span = columns.length + (onSelect ? 1 : 0) + (actions ? 1 : 0);
  const keys = onSelect ? sorted.map(rowKey) : [];
  const chosen = keys.filter((k) => selected?.has(k)).length;

  // Roles are written out: as cards the rows aren't laid out as a table, and browsers would forget that they are one.
  return (
    <div
      class={`table ${cards ? "cards" : ""} ${wideActions === "widest" ? "widest-tools" : wideActions ? "wide-tools" : ""}`}
    >
      {onSelect && cards && (
        <div class="select-all">
          <Check
            label={t("table.select_all")}
            checked={chosen > 0 && chosen === keys.length}
            mixed={chosen > 0 && chosen < keys.length}
            onChange={(on) => onSelect(new Set(on ? keys : []))}
          />
        </div>
      )}
      <table ref={element} role="table" aria-label={label} aria-rowcount={sorted.length + 1}>
        <thead role="rowgroup">
          <tr role="row" aria-rowindex={1}>
            {onSelect && (
              <th role="columnheader" class="box" scope="col">
                <Check
                  hidden
                  label={t("table.select_all")}
                  checked={chosen > 0 && chosen === keys.length}
                  mixed={chosen > 0 && chosen < keys.length}
                  onChange={(on) => onSelect(new Set(on ? keys : []))}
                />
              </th>
            )}
            {columns.map((column) => {
              const active = sorting?.by === column.id;
              return (
                <th
                  key={column.id}
                  role="columnheader"
                  scope="col"
                  class={column.end ? "end" : ""}
                  style={column.width ? { width: column.width } : undefined}
                  aria-sort={active ? (sorting.down ? "descending" : "ascending") : undefined}
                >
                  {column.sort ? (
                    <button
                      type="button"
                      onClick={() => setSorting({ by: column.id, down: active ? !sorting.down : false })}
                    >
                      {column.header}
                      <span class={active ? "" : "off"}>
                        <Icon name={active && sorting.down ? "down" : "up"} size={14} />
                      </span>
                    </button>
                  ) : (
                    column.header
                  )}
                </th>
              );
            })}
            {actions && (
              <th role="columnheader" scope="col" class="tools">
                <span class="unseen">{t("table.actions")}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {before > 0 && (
            <tr aria-hidden="true" class="spacer">
              <td colSpan={span} style={{ height: `${before}px` }} />
            </tr>
          )}
          {shown.map((index) => {
            const row = sorted[index];
            if (row === undefined) return null;
            return (
              <TableRow
                key={rowKey(row)}
                table={table}
                row={row}
                index={index}
                measured={many && cards ? virtualizer.measureElement : undefined}
              />
            );
          })}
          {after > 0 && (
            <tr aria-hidden="true" class="spacer">
              <td colSpan={span} style={{ height: `${after}px` }} />
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

// What is chosen, and what can be done with it.
export function Selection({ n, onClear, children }: { n: number; onClear: () => void; children: ComponentChildren }) {
  if (!n) return null;
  return (
    <div class="selection" role="region" aria-label={t("table.selection")}>
      <strong>{tn("table.selected", n)}</strong>
      {children}
      <span class="spring" />
      <button type="button" class="link" onClick={onClear}>
        {t("table.clear")}
      </button>
    </div>
  );
}
