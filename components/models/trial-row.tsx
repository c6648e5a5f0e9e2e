import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { costOf, formatEuros } from "#lib/core/money.ts";
import type { TrialVerdict } from "#lib/domain/lifecycle/trials/input.ts";
import { isJson } from "#lib/domain/lifecycle/trials/rules.ts";
import type { TrialAnswer, TrialModel, TrialRound } from "./ask-side.ts";

const verdicts: readonly [TrialVerdict, string][] = [
  ["better", "Better"],
  ["same", "Same"],
  ["worse", "Worse"],
];

type Props = {
  round: TrialRound;
  models: readonly [TrialModel, TrialModel];
  judge: (verdict: TrialVerdict) => void;
};

/** One prompt, both answers with what they took, and the buttons that judge the second by the first. */
export const TrialRow = ({ round, models: [current, replacement], judge }: Props) => (
  <li className="overflow-clip rounded-card border border-line bg-surface">
    <h3 className="max-h-40 overflow-y-auto border-b border-line bg-canvas px-4 py-2.5 text-ui font-medium break-words whitespace-pre-wrap">
      {round.prompt}
    </h3>
    <div className="grid divide-line max-sm:divide-y sm:grid-cols-2 sm:divide-x">
      <Side model={current} answer={round.current} />
      <Side model={replacement} answer={round.replacement} />
    </div>
    <fieldset className="flex flex-wrap items-center gap-2 border-t border-line px-4 py-2.5">
      <legend className="sr-only">{`How ${replacement.name} answers this prompt`}</legend>
      <span className="text-ui text-text-soft">{replacement.name} is</span>
      {verdicts.map(([verdict, label]) => (
        <Button
          key={verdict}
          size="small"
          emphasis={round.verdict === verdict ? "primary" : "secondary"}
          aria-pressed={round.verdict === verdict}
          onClick={() => judge(verdict)}
        >
          {label}
        </Button>
      ))}
    </fieldset>
  </li>
);

const Side = ({ model, answer: { text, usage, ms } }: { model: TrialModel; answer: TrialAnswer }) => (
  <section aria-label={model.name} className="flex min-w-0 flex-col gap-1.5 px-4 py-3 text-ui">
    <p className="flex items-center justify-between gap-2 text-meta text-text-faint">
      {model.name}
      {isJson(text) ? <Badge tone="neutral">Valid JSON</Badge> : null}
    </p>
    <p className="max-h-72 overflow-y-auto break-words whitespace-pre-wrap">
      {text === "" ? <span className="text-text-faint">No answer</span> : text}
    </p>
    <p className="tabular text-meta text-text-faint">
      {usage.promptTokens} tokens in, {usage.completionTokens} out, {formatEuros(costOf(usage, model.price))},{" "}
      {(ms / 1000).toFixed(1)} s
    </p>
  </section>
);
