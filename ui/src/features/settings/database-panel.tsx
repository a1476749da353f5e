import { ErrorPanel } from "@/components/error-panel";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { formatBytes } from "@/lib/bytes";
import { numberOf } from "@/lib/plural";
import { useServerInfo } from "@/queries/use-server-info";

import { Fact, Facts } from "./facts";

const KINDS = { sqlite: "SQLite", postgresql: "PostgreSQL" };
const SHOWN = 8;

/** Where the server keeps everything, and what takes space there. */
export function DatabasePanel() {
  const info = useServerInfo();
  const database = info.data?.database;
  const tables = database?.tables ?? [];
  const largest = Math.max(1, ...tables.map((table) => table.bytes));
  return (
    <Panel
      title="Database"
      aside={database && <span className="tabular font-medium">{formatBytes(database.bytes)}</span>}
    >
      {info.isPending && <Skeleton className="mx-4 mb-4 h-48" />}
      {info.isError && (
        <div className="px-4 pb-4">
          <ErrorPanel what="The database" error={info.error} onRetry={() => void info.refetch()} />
        </div>
      )}
      {database && (
        <Facts>
          <Fact label="Kind">
            {KINDS[database.kind]}
            <span className="text-ink-faint">, schema {database.revision}</span>
          </Fact>
          <Fact label="Place">
            <code className="min-w-0 font-mono text-xs break-all">{database.place}</code>
          </Fact>
        </Facts>
      )}
      {database && database.tables === null && (
        <p className="border-t border-line px-4 py-3 text-ink-muted">
          It is so large that measuring its tables takes long: <code>penstock server database stats</code>{" "}
          does it.
        </p>
      )}
      {tables.length > 0 && (
        <table className="w-full border-t border-line text-left">
          <caption className="sr-only">What takes space</caption>
          <thead className="text-xs text-ink-faint">
            <tr>
              <th className="py-2 pl-4 font-medium">Table</th>
              <th className="py-2 text-right font-medium">Rows</th>
              <th className="py-2 pr-4 text-right font-medium">Size</th>
            </tr>
          </thead>
          <tbody>
            {tables.slice(0, SHOWN).map((table) => (
              <tr key={table.name} className="h-8">
                <td className="pl-4">
                  <span className="block font-mono text-xs">{table.name}</span>
                  <span aria-hidden className="mt-0.5 block h-0.5 w-full max-w-48 rounded-full bg-hover">
                    <span
                      className="block h-full rounded-full bg-accent"
                      style={{ width: `${(table.bytes / largest) * 100}%` }}
                    />
                  </span>
                </td>
                <td className="tabular text-right text-ink-muted">
                  {table.is_exact ? "" : "~"}
                  {numberOf(table.rows)}
                </td>
                <td className="tabular pr-4 text-right">{formatBytes(table.bytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {tables.length > SHOWN && (
        <p className="px-4 pt-1 pb-3 text-xs text-ink-faint">
          and {tables.length - SHOWN} smaller ones,{" "}
          {formatBytes(tables.slice(SHOWN).reduce((sum, table) => sum + table.bytes, 0))} together
        </p>
      )}
    </Panel>
  );
}
