"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { usePlaygroundKey } from "#components/playground/use-playground-key.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Queries } from "#components/ui/queries.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { answerProblem, isUnreachable, unsavedWords } from "#components/ui/unreachable.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { PlaygroundKey } from "#lib/domain/keys/view.ts";
import type { TrialVerdict } from "#lib/domain/lifecycle/trials/input.ts";
import { promptsIn, promptsMost } from "#lib/domain/lifecycle/trials/rules.ts";
import { askSide, type TrialAnswer, type TrialModel, type TrialRound } from "./ask-side.ts";
import { TrialRow } from "./trial-row.tsx";

type Props = {
  current: TrialModel;
  replacement: TrialModel;
  open: Action<PlaygroundKey>;
  keep: Action<void>;
};

/** Both models asked the same as the playground asks, the answers side by side, each judged by the person who reads them. */
export const ModelTrial = (props: Props) => (
  <Queries>
    <Trying {...props} />
  </Queries>
);

/** Asks both, one prompt after the other, and holds what came with how it was judged. */
function useTrial({ current, replacement, open, keep }: Props) {
  const [rounds, setRounds] = useState<readonly TrialRound[]>([]);
  const [isAsking, setIsAsking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const running = useRef<AbortController>(undefined);
  const secretOf = usePlaygroundKey(open);
  const router = useRouter();
  useEffect(() => () => running.current?.abort(), []);
  const judged = rounds.filter(({ verdict }) => verdict !== undefined);

  const ask = async (prompts: readonly string[]): Promise<void> => {
    const abort = new AbortController();
    running.current = abort;
    setIsAsking(true);
    setProblem(undefined);
    setRounds([]);
    try {
      for (const prompt of prompts) {
        const of = (model: string) => askSide(model, prompt, { secretOf, signal: abort.signal });
        const [before, after] = await Promise.all([of(current.id), of(replacement.id)]);
        setRounds((all) => [...all, { prompt, current: before, replacement: after }]);
      }
    } catch (error) {
      const isStopped = abort.signal.aborted;
      abort.abort();
      if (!isStopped) setProblem(answerProblem(error));
    }
    setIsAsking(false);
  };
  const judge = (at: number, verdict: TrialVerdict) =>
    setRounds((all) => all.map((round, index) => (index === at ? { ...round, verdict } : round)));
  const save = async (): Promise<void> => {
    const unsaved = await kept(keep, current.id, judged);
    setProblem(unsaved);
    if (unsaved !== undefined) return;
    setRounds([]);
    router.refresh();
  };
  return { rounds, judged, isAsking, problem, ask, judge, save, stop: () => running.current?.abort() };
}

function Trying(props: Props) {
  const [text, setText] = useState("");
  const { rounds, judged, isAsking, problem, ask, judge, save, stop } = useTrial(props);
  const prompts = promptsIn(text);
  const begin = (event: FormEvent): void => {
    event.preventDefault();
    if (!isAsking && prompts.length > 0 && prompts.length <= promptsMost) void ask(prompts);
  };

  return (
    <div className="flex flex-col gap-4">
      <form onSubmit={begin} className="flex flex-col gap-3">
        <Textarea
          aria-label="Your prompts"
          placeholder={`Your prompts, at most ${promptsMost}, with a line --- between two of them.`}
          rows={6}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p role="status" className="text-ui text-text-soft">
            {prompts.length > promptsMost
              ? `${prompts.length} prompts: at most ${promptsMost} at a time.`
              : isAsking
                ? `${rounds.length} of ${prompts.length} are answered by both.`
                : "What you ask and what they answer is kept as any request is, not with the trial."}
          </p>
          {isAsking ? (
            <Button onClick={stop}>Stop</Button>
          ) : (
            <Button type="submit" emphasis="primary">
              Ask both
            </Button>
          )}
        </div>
      </form>
      {problem ? <Notice tone="bad">{problem}</Notice> : null}
      {rounds.length > 0 ? (
        <ol className="flex flex-col gap-3">
          {rounds.map((round, at) => (
            <TrialRow
              key={round.prompt}
              round={round}
              models={[props.current, props.replacement]}
              judge={(verdict) => judge(at, verdict)}
            />
          ))}
        </ol>
      ) : null}
      {judged.length > 0 && !isAsking ? (
        <div className="flex flex-wrap items-center gap-3">
          <Button
            onClick={() => void save()}
          >{`Keep ${judged.length === 1 ? "the verdict" : `${judged.length} verdicts`}`}</Button>
          <p className="text-ui text-text-soft">
            The others of this workspace see them. The answers are not among them.
          </p>
        </div>
      ) : null}
    </div>
  );
}

const figuresOf = ({ usage, ms }: TrialAnswer) => ({ ...usage, ms });

/** Why the verdicts could not be kept. */
async function kept(keep: Action<void>, model: string, rounds: readonly TrialRound[]): Promise<string | undefined> {
  const form = new FormData();
  form.set("model", model);
  const judged = rounds.map(({ current, replacement, verdict }) => ({
    current: figuresOf(current),
    replacement: figuresOf(replacement),
    verdict,
  }));
  form.set("judged", JSON.stringify(judged));
  try {
    const result = await keep(undefined, form);
    return result.ok ? undefined : result.message;
  } catch (error) {
    return isUnreachable(error) ? unsavedWords() : answerProblem(error);
  }
}
