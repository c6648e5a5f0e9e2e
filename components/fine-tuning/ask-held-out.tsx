"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { usePlaygroundKey } from "#components/playground/use-playground-key.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Queries } from "#components/ui/queries.tsx";
import { answerProblem, isUnreachable, unsavedWords } from "#components/ui/unreachable.ts";
import type { Action } from "#lib/core/action-result.ts";
import { answerMost } from "#lib/domain/fine-tuning/review/asking/rules.ts";
import type { PlaygroundKey } from "#lib/domain/keys/view.ts";
import { askModel, type SecretOf } from "./ask-model.ts";

type Prompt = { messages: readonly { role: string; content: string }[]; wanted: string };

type Props = {
  prompts: readonly Prompt[];
  models: { base: string; tuned: string };
  step: number;
  /** What it can cost, in words. */
  atMost: string;
  open: Action<PlaygroundKey>;
  keep: Action<void>;
};

/** Has base and tuned asked what the model was not trained on, as the playground asks, and keeps what came. */
export const AskHeldOut = (props: Props) => (
  <Queries>
    <Asking {...props} />
  </Queries>
);

type Said = { text: string; tokens: number };
type Progress = { done: number; problem?: string | undefined; isOver: boolean };

function Asking({ prompts, models, step, atMost, open, keep }: Props) {
  const [progress, setProgress] = useState<Progress>();
  const running = useRef<AbortController>(undefined);
  const secretOf = usePlaygroundKey(open);
  const router = useRouter();
  useEffect(() => () => running.current?.abort(), []);

  const ask = async (): Promise<void> => {
    const abort = new AbortController();
    running.current = abort;
    const tell = (done: number) => setProgress({ done, isOver: false });
    tell(0);
    const { answers, problem } = await askAll({ prompts, models, secretOf, abort, tell });
    const unsaved = answers.length > 0 ? await kept(keep, models.tuned, step, answers) : undefined;
    if (answers.length > 0 && unsaved === undefined) router.refresh();
    setProgress({ done: answers.length, isOver: true, problem: problem ?? unsaved });
  };

  const isAsking = progress !== undefined && !progress.isOver;
  return (
    <div className="flex flex-col gap-3">
      {progress?.problem ? <Notice tone="bad">{progress.problem}</Notice> : null}
      <div className="flex flex-wrap items-center gap-3">
        {isAsking ? (
          <Button onClick={() => running.current?.abort()}>Stop</Button>
        ) : (
          <Button emphasis="primary" onClick={() => void ask()}>
            {`Ask both · at most ${atMost}`}
          </Button>
        )}
        <p role="status" className="tabular text-ui text-text-soft">
          {isAsking ? `${progress.done} of ${prompts.length} prompts are answered` : null}
        </p>
      </div>
    </div>
  );
}

type Round = Pick<Props, "prompts" | "models"> & {
  secretOf: SecretOf;
  abort: AbortController;
  tell: (done: number) => void;
};
type Answers = { base: Said; tuned: Said }[];

/** What came until all was answered, something refused, or a person stopped it. */
async function askAll({
  prompts,
  models,
  secretOf,
  abort,
  tell,
}: Round): Promise<{ answers: Answers; problem?: string }> {
  const answers: Answers = [];
  try {
    for (const prompt of prompts) {
      const of = (model: string) => answerOf(model, prompt, secretOf, abort.signal);
      const [base, tuned] = await Promise.all([of(models.base), of(models.tuned)]);
      answers.push({ base, tuned });
      tell(answers.length);
    }
  } catch (error) {
    const isStopped = abort.signal.aborted;
    abort.abort();
    if (!isStopped) return { answers, problem: isUnreachable(error) ? unsavedWords() : answerProblem(error) };
  }
  return { answers };
}

async function answerOf(model: string, prompt: Prompt, secretOf: SecretOf, signal: AbortSignal): Promise<Said> {
  const said: Said = { text: "", tokens: 0 };
  const own = { model, messages: prompt.messages, temperature: 0, max_tokens: answerMost(prompt), stream: true };
  await askModel(JSON.stringify(own), { secretOf, signal }, ({ text, usage }) => {
    said.text += text;
    said.tokens = usage?.completionTokens ?? said.tokens;
  });
  return said;
}

/** Why they could not be kept. */
async function kept(keep: Action<void>, model: string, step: number, answers: Answers): Promise<string | undefined> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ model, step: String(step), answers: JSON.stringify(answers) }))
    form.set(name, value);
  try {
    const result = await keep(undefined, form);
    return result.ok ? undefined : result.message;
  } catch (error) {
    return isUnreachable(error) ? unsavedWords() : answerProblem(error);
  }
}
