import { durationWords, type JobNow } from "./job-now.ts";

/** How far a job is, in numbers and as a bar. */
export function JobFigures({ now }: { now: JobNow }) {
  const share = now.steps > 0 ? Math.min(1, now.trainedSteps / now.steps) : 0;
  const step = Math.max(now.trainedSteps, now.points.at(-1)?.step ?? 0);
  return (
    <div className="flex flex-col gap-3 rounded-card border border-line bg-surface p-4">
      <dl className="flex flex-wrap gap-x-8 gap-y-3">
        <Fact term="Step" value={now.steps > 0 ? `${step} of ${now.steps}` : "–"} />
        <Fact term="Cost so far" value={`${now.cost} of ${now.quote}`} />
        <Fact term="Time left" value={now.secondsLeft === null ? "–" : `about ${durationWords(now.secondsLeft)}`} />
        <Fact term="Tokens kept" value={now.trainedTokens.toLocaleString("en-IE")} />
      </dl>
      <svg aria-hidden="true" className="block h-2 w-full overflow-hidden rounded-full">
        <rect width="100%" height="100%" className="fill-line" />
        <rect width={`${share * 100}%`} height="100%" className="fill-accent" />
      </svg>
    </div>
  );
}

function Fact({ term, value }: { term: string; value: string }) {
  return (
    <div>
      <dt className="text-meta text-text-faint">{term}</dt>
      <dd className="tabular text-body font-semibold">{value}</dd>
    </div>
  );
}
