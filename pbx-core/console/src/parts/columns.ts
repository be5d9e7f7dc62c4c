import type { ComponentChildren } from "preact";

export interface Column<T> {
  id: string;
  header: string;
  cell: (row: T) => ComponentChildren;
  sort?: (a: T, b: T) => number;
  // On a narrow screen a row is a card: its first line ("title"), what stands at its right ("side"), the rest below.
  card?: "title" | "side" | "none";
  width?: string; // CSS, "9rem"
  end?: boolean; // figures stand at the right
}

export interface TableProps<T> {
  label: string;
  rows: T[];
  columns: Column<T>[];
  rowKey: (row: T) => string;
  onOpen?: (row: T) => void;
  rowLabel?: (row: T) => string; // names the row's button and box
  actions?: (row: T) => ComponentChildren;
  wideActions?: boolean | "widest"; // more than a menu; a long button beside it
  selected?: ReadonlySet<string>;
  onSelect?: (keys: ReadonlySet<string>) => void;
  mark?: (row: T) => boolean; // just came
  empty?: ComponentChildren;
  order?: { by: string; down?: boolean };
}
