import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Segments } from "#components/ui/segments.tsx";
import { grouped } from "./file-words.ts";

/** A problem as a page shows it. */
export type ProblemView = {
  line: number;
  column: number | null;
  rule: string;
  message: string;
  mend: string;
  isError: boolean;
  /** The line around the place, in three pieces, where it is known. */
  excerpt: { before: string; at: string; after: string } | null;
  /** What mending makes of the line: words that go and come; null where it changes nothing. */
  diff: readonly { text: string; kind: "same" | "added" | "removed" }[] | "dropped" | null;
};

type Props = {
  problems: readonly ProblemView[];
  counts: readonly { rule: string; title: string; count: number }[];
  rule: string | undefined;
  from: number;
  total: number;
  step: number;
  base: string;
};

/** What is wrong with a file, by rule and by line, with what mending would make of it. */
export function ProblemList({ problems, counts, rule, from, total, step, base }: Props) {
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const at = (start: number) => `${base}?${new URLSearchParams({ ...(rule && { rule }), from: String(start) })}`;
  return (
    <div className="flex flex-col gap-4">
      <Segments
        label="Problems by rule"
        segments={[
          { href: base, label: `All (${grouped(all)})`, current: rule === undefined },
          ...counts.map((one) => ({
            href: `${base}?rule=${one.rule}`,
            label: `${one.title} (${grouped(one.count)})`,
            current: rule === one.rule,
          })),
        ]}
      />
      <ol className="flex flex-col gap-3">
        {problems.map((problem, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line can have the same problem twice
          <li key={`${problem.line}-${problem.rule}-${index}`}>
            <Problem problem={problem} />
          </li>
        ))}
      </ol>
      <div className="flex items-center gap-2 text-ui text-text-soft">
        <span className="tabular">
          {grouped(from + 1)}–{grouped(Math.min(total, from + step))} of {grouped(total)}
        </span>
        {from > 0 ? <LinkButton href={at(Math.max(0, from - step))}>Previous</LinkButton> : null}
        {from + step < total ? <LinkButton href={at(from + step)}>Next</LinkButton> : null}
      </div>
    </div>
  );
}

function Problem({ problem }: { problem: ProblemView }) {
  const { line, rule, message, mend, isError, excerpt, diff } = problem;
  return (
    <Card
      title={line === 0 ? "The whole file" : `Line ${grouped(line)}`}
      description={`${message}.`}
      aside={<Badge tone={isError ? "bad" : "warn"}>{isError ? `Error ${rule}` : `Warning ${rule}`}</Badge>}
      hint={mend}
    >
      <div className="flex flex-col gap-3">
        {excerpt && !Array.isArray(diff) ? (
          <pre className="rounded-control border border-line bg-canvas px-3 py-2 font-mono text-meta break-all whitespace-pre-wrap">
            {excerpt.before}
            {excerpt.at === "" ? null : <mark className="rounded-small bg-bad-soft px-0.5 text-bad">{excerpt.at}</mark>}
            {excerpt.after}
          </pre>
        ) : null}
        <Mending diff={diff} />
      </div>
    </Card>
  );
}

const pieceLooks = { same: "", added: "bg-good-soft text-good", removed: "bg-bad-soft text-bad line-through" } as const;

function Mending({ diff }: Pick<ProblemView, "diff">) {
  if (diff === null)
    return <p className="text-ui text-text-soft">Mend leaves this line as it is: only you know what it should say.</p>;
  if (diff === "dropped") return <p className="text-ui text-text-soft">Mend leaves this line out.</p>;
  const side = (skipped: "added" | "removed") =>
    diff
      .filter(({ kind }) => kind !== skipped)
      .map(({ text, kind }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces repeat, and never change their places
        <span key={index} className={pieceLooks[kind]}>
          {text}
        </span>
      ));
  return (
    <div className="grid grid-cols-2 gap-3 max-sm:grid-cols-1">
      <Side title="Before">{side("added")}</Side>
      <Side title="After">{side("removed")}</Side>
    </div>
  );
}

const Side = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <div className="min-w-0">
    <p className="mb-1 text-meta text-text-faint">{title}</p>
    <pre className="rounded-control border border-line bg-canvas px-3 py-2 font-mono text-meta break-all whitespace-pre-wrap">
      {children}
    </pre>
  </div>
);
