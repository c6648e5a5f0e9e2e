import type { ReactNode } from "react";
import { Code } from "#components/ui/code-block.tsx";
import { formatSum } from "#lib/core/money.ts";
import { namesWords } from "#lib/domain/sharing/rules.ts";
import type { Reach } from "#lib/domain/sharing/view.ts";

type Props = { placeName: string; reach: Reach; isAgent: boolean };

/** Who is added by a sharing, and what they get at through the agent. */
export function ReachPanel({ placeName, reach, isAgent }: Props) {
  const { added, editors, lost, tools, handoffs, model, leftPico } = reach;
  return (
    <dl className="flex flex-col gap-3 text-ui">
      <Entry term="Can use it from now on">
        {added.length === 0 ? "Nobody who could not before." : `${namesWords(added)}.`}
      </Entry>
      {editors.length > 0 ? (
        <Entry term="Can change it from now on">
          {namesWords(editors)}
          {isAgent ? ": what it says, its functions and its model." : ": its name and which checkpoint answers."}
        </Entry>
      ) : null}
      {lost.length > 0 ? (
        <Entry term="Cannot use it any more">{namesWords(lost)}, from their next request on.</Entry>
      ) : null}
      {isAgent ? <Functions tools={tools} /> : null}
      {handoffs.length > 0 ? <Handoffs handoffs={handoffs} /> : null}
      {model.isTuned ? (
        <Entry term="Fine-tuned model">
          <Code>{model.name}</Code>: what it learned from your files can show in its answers.
        </Entry>
      ) : null}
      <Entry term="Cost">
        Answers are billed to {placeName}, whoever asks
        {leftPico === null
          ? "."
          : `; ${formatSum(leftPico < 0n ? 0n : leftPico)} is left of the month’s tightest limit.`}
      </Entry>
    </dl>
  );
}

const Functions = ({ tools }: Pick<Reach, "tools">) => (
  <Entry term="Functions they can make it ask for">
    {tools.length === 0 ? (
      "None."
    ) : (
      <span className="flex flex-wrap gap-1.5">
        {tools.map((tool) => (
          <Code key={tool}>{tool}</Code>
        ))}
      </span>
    )}
  </Entry>
);

function Handoffs({ handoffs }: Pick<Reach, "handoffs">) {
  return (
    <Entry term="Agents it hands over to">
      <ul className="flex flex-col gap-1">
        {handoffs.map(({ name, without }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: several may be ones that the person who shares cannot see
          <li key={i}>
            <span className="font-medium">{name ?? "An agent you cannot see"}</span>
            {without.length > 0 ? `: ${namesWords(without)} cannot use it otherwise.` : ": they can use it themselves."}
          </li>
        ))}
      </ul>
      <span className="mt-1 block text-meta text-text-faint">
        A handoff runs with the rights of this agent’s owner: who uses this one reaches the others through it.
      </span>
    </Entry>
  );
}

function Entry({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-meta text-text-faint">{term}</dt>
      <dd className="mt-0.5">{children}</dd>
    </div>
  );
}
