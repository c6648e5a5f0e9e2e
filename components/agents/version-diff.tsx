import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { classes } from "#components/ui/classes.ts";
import { Select } from "#components/ui/select.tsx";
import type { Difference, DifferenceLine } from "#lib/domain/agents/versions/rules.ts";
import { counted } from "./agent-words.ts";

type Props = {
  base: string;
  versions: readonly { version: number }[];
  from: number;
  to: number;
  differences: readonly Difference[];
};

/** Two versions beside each other: a GET form, and what changed from the first to the second. */
export function VersionDiff({ base, versions, from, to, differences }: Props) {
  return (
    <Card
      id="compare"
      title={`What changed from version ${from} to version ${to}`}
      description={
        differences.length === 0
          ? "Nothing: both say the same."
          : `${counted(differences.length, "field")}: ${differences.map(({ field }) => field).join(", ")}.`
      }
    >
      <div className="flex flex-col gap-4">
        <Choice base={base} versions={versions} from={from} to={to} />
        {differences.map((difference) => (
          <Field key={difference.field} difference={difference} />
        ))}
      </div>
    </Card>
  );
}

function Choice({ base, versions, from, to }: Omit<Props, "differences">) {
  const options = versions.map(({ version }) => ({ value: String(version), label: `Version ${version}` }));
  return (
    <form key={`${from}-${to}`} action={base} className="flex flex-wrap items-center gap-2">
      <Select name="from" aria-label="From" options={options} defaultValue={String(from)} />
      <Select name="to" aria-label="To" options={options} defaultValue={String(to)} />
      <Button type="submit">Compare</Button>
    </form>
  );
}

function Field({ difference: { field, lines } }: { difference: Difference }) {
  return (
    <section aria-label={field}>
      <h3 className="mb-1.5 text-ui font-medium">{field}</h3>
      <ol className="overflow-x-auto rounded-control border border-line bg-canvas py-1 font-mono text-meta leading-5">
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines repeat, and never change their places
          <Line key={index} line={line} />
        ))}
      </ol>
    </section>
  );
}

const looks = { same: "text-text-soft", added: "bg-good-soft text-good", removed: "bg-bad-soft text-bad" } as const;
const signs = { same: " ", added: "+", removed: "−" } as const;
const words = { same: "", added: "Added: ", removed: "Removed: " } as const;

function Line({ line }: { line: DifferenceLine }) {
  if (line.kind === "skipped") {
    return <li className="px-3 text-text-faint">… {counted(line.count, "line")} unchanged</li>;
  }
  return (
    <li className={classes("flex gap-2 px-3", looks[line.kind])}>
      <span aria-hidden="true" className="w-[1ch] shrink-0 select-none">
        {signs[line.kind]}
      </span>
      <span className="min-w-0 break-words whitespace-pre-wrap">
        <span className="sr-only">{words[line.kind]}</span>
        {line.text}
      </span>
    </li>
  );
}
