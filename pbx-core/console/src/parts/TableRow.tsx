import { memo } from "preact/compat";
import { t } from "~/i18n";
import type { TableProps } from "./columns";
import { Check } from "./Choices";

interface Props<T> {
  table: TableProps<T>; // as the page last gave them
  row: T;
  index: number; // in the order in which the table shows them
  measured: ((element: HTMLElement | null) => void) | undefined;
}

function Drawn<T>({ table, row, index, measured }: Props<T>) {
  const { columns, rowKey, rowLabel, onOpen, actions, selected, onSelect, mark } = table;
  const key = rowKey(row);
  const choose = (on: boolean) => {
    const next = new Set(selected);
    if (on) next.add(key);
    else next.delete(key);
    onSelect?.(next);
  };
  return (
    <tr
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      ref={measured}
      class={`${onOpen ? "opens" : ""} ${selected?.has(key) ? "selected" : ""} ${mark?.(row) ? "fresh" : ""}`}
      onClick={
        onOpen
          ? (e) => {
              if (!(e.target as HTMLElement).closest("button, a, input, label") && !window.getSelection()?.toString())
                onOpen(row);
            }
          : undefined
      }
    >
      {onSelect && (
        <td role="cell" class="box">
          <Check
            hidden
            label={t("table.select", { row: rowLabel?.(row) ?? key })}
            checked={!!selected?.has(key)}
            onChange={choose}
          />
        </td>
      )}
      {columns.map((column, i) => (
        <td
          key={column.id}
          role="cell"
          class={`${column.end ? "end" : ""} ${column.card ?? ""}`}
          data-label={column.header}
        >
          {i === 0 && onOpen ? (
            <button type="button" class="row-link" onClick={() => onOpen(row)}>
              {column.cell(row)}
            </button>
          ) : (
            column.cell(row)
          )}
        </td>
      ))}
      {actions && (
        <td role="cell" class="tools">
          <div>{actions(row)}</div>
        </td>
      )}
    </tr>
  );
}

// Drawn again when its page draws the table again and when a signal changes that a cell reads; not when the window moves along the table,
// which happens at each frame of scrolling.
export const TableRow = memo(Drawn);
