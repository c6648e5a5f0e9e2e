import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { Card } from "#components/ui/card.tsx";
import { classes } from "#components/ui/classes.ts";

export type Step = { title: string; isDone: boolean; children: ReactNode };

/** The way from a new account to its first answer. */
export function FirstSteps({ steps }: { steps: readonly Step[] }) {
  const done = steps.filter((step) => step.isDone).length;
  const next = steps.findIndex((step) => !step.isDone);
  return (
    <Card
      title="Your first answer"
      description="Three steps, about a minute."
      aside={
        <span className="tabular text-text-faint">
          {done} of {steps.length}
        </span>
      }
    >
      <ol className="flex flex-col gap-5">
        {steps.map((step, index) => (
          <li key={step.title} className="flex gap-3">
            <Dot number={index + 1} isDone={step.isDone} isNext={index === next} />
            <div className="min-w-0 grow">
              <h3 className={classes("text-ui leading-6 font-medium", step.isDone && "text-text-soft")}>
                {step.title}
                {step.isDone ? <span className="sr-only"> (done)</span> : null}
              </h3>
              {step.isDone ? null : <div className="mt-1 text-ui text-text-soft">{step.children}</div>}
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Dot({ number, isDone, isNext }: { number: number; isDone: boolean; isNext: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={classes(
        "tabular flex size-6 shrink-0 items-center justify-center rounded-full border text-meta font-medium",
        isDone && "border-transparent bg-good-soft text-good",
        isNext && "border-transparent bg-accent text-on-accent",
        !isDone && !isNext && "border-line text-text-faint",
      )}
    >
      {isDone ? <Check className="size-3.5" /> : number}
    </span>
  );
}
