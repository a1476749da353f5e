import {
  flexRender,
  getCoreRowModel,
  useReactTable,
  type ColumnDef,
  type OnChangeFn,
  type RowData,
  type RowSelectionState,
} from "@tanstack/react-table";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp, LoaderCircle } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";

import { cn } from "@/lib/cn";

import { Checkbox } from "./ui/checkbox";

declare module "@tanstack/react-table" {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- must be declared as the library declares it
  interface ColumnMeta<TData extends RowData, TValue> {
    /** The column's width, and from which width of the page on it is shown: "w-28 hidden md:flex". */
    className?: string;
    /** The name of the order that its heading asks for; the direction is added to it. */
    sort?: string;
  }
}

export interface Sort {
  name: string;
  descending: boolean;
}

interface DataTableProps<Row> {
  /** What the table is of, for screen readers. */
  label: string;
  rows: Row[];
  columns: ColumnDef<Row>[];
  rowId: (row: Row) => string;
  /** How a row is called, for the label of its box. */
  rowName?: (row: Row) => string;
  selection?: RowSelectionState;
  onSelect?: OnChangeFn<RowSelectionState>;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  /** Asks for more rows when the end comes near. */
  onEnd?: () => void;
  isLoadingMore?: boolean;
  /** What stands after the last row. */
  end?: ReactNode;
  rowHeight?: number;
}

/**
 * Rows without end, of which only those in sight are drawn. The first link or button of a row marked `data-row-target`
 * is what the keyboard moves along: up and down, or j and k; x selects.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, rows, columns, rowId, selection, onSelect, onEnd, rowHeight = 44 } = props;
  const body = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      if (body.current !== null) setMargin(body.current.getBoundingClientRect().top + window.scrollY);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  const table = useReactTable({
    data: rows,
    columns,
    getRowId: rowId,
    getCoreRowModel: getCoreRowModel(),
    state: { rowSelection: selection ?? {} },
    onRowSelectionChange: onSelect,
    enableRowSelection: onSelect !== undefined,
  });
  const modelled = table.getRowModel().rows;
  const virtualizer = useWindowVirtualizer({
    count: modelled.length,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: margin,
  });
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= modelled.length - 20) onEnd?.();
  }, [last, modelled.length, onEnd]);

  function move(event: KeyboardEvent<HTMLDivElement>) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    if (row === null) return;
    const index = Number(row.dataset.index);
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = body.current?.querySelector<HTMLElement>(
        `[data-index="${index + step}"] [data-row-target]`,
      );
      next?.focus();
      next?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "x" && onSelect !== undefined) {
      event.preventDefault();
      modelled[index]?.toggleSelected();
    }
  }

  return (
    <div
      role="table"
      aria-label={label}
      aria-rowcount={-1}
      className="rounded-xl border border-line bg-surface shadow-panel"
    >
      <Head table={table} {...props} />
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its rows hold what is focused */}
      <div
        ref={body}
        role="rowgroup"
        onKeyDown={move}
        className="relative"
        style={{ height: virtualizer.getTotalSize() }}
      >
        {items.map((item) => {
          const row = modelled[item.index]!;
          return (
            <div
              key={row.id}
              role="row"
              aria-rowindex={item.index + 2}
              aria-selected={onSelect === undefined ? undefined : row.getIsSelected()}
              data-index={item.index}
              className={cn(
                "absolute inset-x-0 top-0 flex scroll-my-16 items-center gap-3 border-t border-line px-3 hover:bg-hover sm:px-4",
                row.getIsSelected() && "bg-accent-soft hover:bg-accent-soft",
                item.index === modelled.length - 1 && "rounded-b-xl",
              )}
              style={{ height: rowHeight, transform: `translateY(${item.start - margin}px)` }}
            >
              {onSelect !== undefined && (
                <div role="cell" className="flex">
                  <Checkbox
                    aria-label={`Select ${props.rowName?.(row.original) ?? "the row"}`}
                    checked={row.getIsSelected()}
                    onCheckedChange={(checked) => row.toggleSelected(checked)}
                  />
                </div>
              )}
              {row.getVisibleCells().map((cell) => (
                <div
                  key={cell.id}
                  role="cell"
                  className={cn("flex min-w-0 items-center", cell.column.columnDef.meta?.className)}
                >
                  {flexRender(cell.column.columnDef.cell, cell.getContext())}
                </div>
              ))}
            </div>
          );
        })}
      </div>
      <Foot {...props} />
    </div>
  );
}

function Head<Row>({
  table,
  rows,
  onSelect,
  sort,
  onSort,
}: DataTableProps<Row> & { table: ReturnType<typeof useReactTable<Row>> }) {
  return (
    <div role="rowgroup">
      <div role="row" className="flex h-9 items-center gap-3 px-3 text-xs font-medium text-ink-muted sm:px-4">
        {onSelect !== undefined && (
          <div role="columnheader" className="flex">
            <Checkbox
              aria-label="Select all that are loaded"
              checked={rows.length > 0 && table.getIsAllRowsSelected()}
              indeterminate={table.getIsSomeRowsSelected() && !table.getIsAllRowsSelected()}
              disabled={rows.length === 0}
              onCheckedChange={(checked) => table.toggleAllRowsSelected(checked)}
            />
          </div>
        )}
        {table.getFlatHeaders().map((header) => {
          const { className, sort: name } = header.column.columnDef.meta ?? {};
          const words = flexRender(header.column.columnDef.header, header.getContext());
          const isSorted = name !== undefined && sort?.name === name;
          const order = isSorted ? (sort.descending ? "descending" : "ascending") : undefined;
          return (
            <div
              key={header.id}
              role="columnheader"
              aria-sort={order}
              className={cn("flex min-w-0 items-center", className)}
            >
              {name === undefined || onSort === undefined ? (
                <span className="truncate">{words}</span>
              ) : (
                <button
                  type="button"
                  className={cn(
                    "-mx-1 flex items-center gap-1 rounded px-1 hover:text-ink",
                    isSorted && "text-ink",
                  )}
                  onClick={() => onSort({ name, descending: isSorted ? !sort.descending : true })}
                >
                  {words}
                  {isSorted &&
                    (sort.descending ? <ArrowDown className="size-3" /> : <ArrowUp className="size-3" />)}
                </button>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Foot<Row>({ isLoadingMore, end }: DataTableProps<Row>) {
  if (isLoadingMore !== true && end === undefined) return null;
  return (
    <div className="flex min-h-10 items-center justify-center gap-2 border-t border-line text-xs text-ink-faint">
      {isLoadingMore === true ? (
        <>
          <LoaderCircle aria-hidden className="size-3.5 animate-spin" /> Loading more
        </>
      ) : (
        end
      )}
    </div>
  );
}
