import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Input } from "#components/ui/input.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import type { LineView } from "#lib/domain/files/preview/rules.ts";
import { grouped } from "./file-words.ts";
import { LineBody } from "./line-view.tsx";

export type ShownLine = { number: number; isCut: boolean; view: LineView };

type Props = {
  lines: readonly ShownLine[];
  /** The first line that is shown, from 1, and how many there are. */
  from: number;
  count: number;
  total: number;
  base: string;
};

/** Some lines of a file, with a way to any other. */
export function Preview({ lines, from, count, total, base }: Props) {
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <form action={base} className="flex items-center gap-2">
          <label htmlFor="line" className="text-ui text-text-soft">
            Line
          </label>
          <span className="w-28">
            <Input id="line" name="line" inputMode="numeric" defaultValue={String(from)} key={from} />
          </span>
          <Button type="submit">Go</Button>
        </form>
        <Pages from={from} count={count} total={total} base={base} />
      </div>
      {lines.map(({ number, isCut, view }) => (
        <Card key={number} title={`Line ${grouped(number)}`} level={2}>
          <LineBody view={view} />
          {isCut ? <p className="mt-2 text-meta text-text-faint">Only its first 16 KiB are shown.</p> : null}
        </Card>
      ))}
    </div>
  );
}

function Pages({ from, count, total, base }: Omit<Props, "lines">) {
  const last = Math.min(total, from + count - 1);
  return (
    <div className="flex items-center gap-2 text-ui text-text-soft">
      <span className="tabular">
        {grouped(from)}–{grouped(last)} of {grouped(total)}
      </span>
      {from > 1 ? <LinkButton href={`${base}?line=${Math.max(1, from - count)}`}>Previous</LinkButton> : null}
      {last < total ? <LinkButton href={`${base}?line=${last + 1}`}>Next</LinkButton> : null}
    </div>
  );
}
