import { Badge } from "#components/ui/badge.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Time } from "#components/ui/time.tsx";
import type { RequestView, StepView } from "#lib/domain/zero-retention/view.ts";

/** What both sides wrote, in its order. */
export const RequestMessages = ({ messages, now }: { messages: RequestView["messages"]; now: Date }) => (
  <ol aria-label="Messages" className="flex flex-col gap-3 text-ui">
    {messages.map(({ from, name, at, text }) => (
      <li key={`${at.toISOString()}${from}`}>
        <p className="font-medium">
          {name} <span className="font-normal text-text-faint">{from === "staff" ? "of our staff" : ""}</span>{" "}
          <span className="font-normal text-text-faint">
            <Time at={at} now={now} />
          </span>
        </p>
        <p className="max-w-[64ch] break-words whitespace-pre-line text-text-soft">{text}</p>
      </li>
    ))}
  </ol>
);

const titles: Record<StepView["step"], string> = {
  drain: "Requests under way have ended",
  purge: "What was stored is deleted",
  verify: "A check found nothing",
};

const outcomes = {
  done: { tone: "good", words: "Done" },
  failed: { tone: "bad", words: "Failed" },
  begun: { tone: "info", words: "Under way" },
} as const;

/** The evidence: each attempt at each step, with what it found. */
export const RequestSteps = ({ steps }: { steps: readonly StepView[] }) => (
  <ol aria-label="Evidence" className="flex flex-col gap-4 text-ui">
    {steps.map((one) => (
      <Step key={`${one.step}${one.attempt}`} step={one} />
    ))}
  </ol>
);

function Step({ step: { step, startedAt, endedAt, outcome, facts } }: { step: StepView }) {
  const { tone, words } = outcomes[outcome ?? "begun"];
  return (
    <li className="flex flex-col gap-2">
      <p className="flex flex-wrap items-center gap-2 font-medium">
        {titles[step]}
        <Badge tone={tone}>{words}</Badge>
        <span className="font-normal text-text-faint">
          <Time at={endedAt ?? startedAt} form="instant" />
        </span>
      </p>
      {facts ? <DefinitionList rows={factRows(facts)} /> : null}
    </li>
  );
}

/** Facts are numbers, names and lists of both. */
const factRows = (facts: Record<string, unknown>) =>
  Object.entries(facts).map(([name, value]) => {
    const term = name.replaceAll("_", " ");
    return { term: term.charAt(0).toUpperCase() + term.slice(1), value: factWords(value) };
  });

function factWords(value: unknown): string {
  if (Array.isArray(value)) return value.length > 0 ? value.map(factWords).join("; ") : "none";
  if (value && typeof value === "object")
    return Object.keys(value).length === 0
      ? "none"
      : Object.entries(value)
          .map(([name, one]) => `${name.replaceAll("_", " ")}: ${factWords(one)}`)
          .join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value ?? "none");
}
