import { Rocket } from "lucide-react";
import type { ReactNode } from "react";
import { Card } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Time } from "#components/ui/time.tsx";
import type { AgentVersion } from "#lib/domain/agents/versions/view.ts";
import type { AgentView, NamedAgent } from "#lib/domain/agents/view.ts";
import { argumentsOf } from "./argument-words.ts";

type Props = {
  agent: Pick<AgentView, "id" | "ownerName">;
  /** What is published, if something is. */
  version: Pick<AgentVersion, "version" | "content" | "createdByName" | "createdAt"> | null;
  partners: readonly NamedAgent[];
  now: Date;
};

/** What an agent is, for those who may use it and not change it. */
export function AgentAbout({ agent, version, partners, now }: Props) {
  if (!version) {
    return (
      <EmptyState icon={Rocket} title="Nothing is published yet">
        {agent.ownerName} is still working on it. Once it is published it answers, and what it is told stands here.
      </EmptyState>
    );
  }
  const { content } = version;
  const handoffs = (content.handoffs ?? []).map((id) => partners.find((partner) => partner.id === id));
  const known = handoffs.flatMap((partner) => (partner ? [`${partner.name} (@${partner.handle})`] : []));
  return (
    <>
      <Card title="About" description={content.description ?? undefined}>
        <DefinitionList
          rows={[
            { term: "Model", value: content.model },
            { term: "Version", value: version.version },
            { term: "Published", value: <Published by={version.createdByName} at={version.createdAt} now={now} /> },
            { term: "Owner", value: agent.ownerName },
            { term: "Agent id", value: <Copyable text={agent.id} noun="agent id" /> },
            ...argumentsOf(content.completion_args),
            ...(content.tools.length > 0 ? [{ term: "Functions", value: <Functions tools={content.tools} /> }] : []),
            ...(known.length > 0 ? [{ term: "Hands over to", value: known.join(", ") }] : []),
          ]}
        />
      </Card>
      <Card title="Instructions">
        {content.instructions ? (
          <p className="max-w-[80ch] text-ui break-words whitespace-pre-wrap">{content.instructions}</p>
        ) : (
          <p className="text-ui text-text-faint">None.</p>
        )}
      </Card>
      {content.examples.length > 0 ? <Examples examples={content.examples} /> : null}
    </>
  );
}

const Examples = ({ examples }: Pick<AgentVersion["content"], "examples">) => (
  <Card title="Examples">
    <ol className="flex flex-col gap-4">
      {examples.map(({ input, output }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: examples may repeat, and never change their places here
        <li key={index}>
          <DefinitionList
            rows={[
              { term: "Input", value: <Text>{input}</Text> },
              { term: "Output", value: <Text>{output}</Text> },
            ]}
          />
        </li>
      ))}
    </ol>
  </Card>
);

const Text = ({ children }: { children: ReactNode }) => <span className="whitespace-pre-wrap">{children}</span>;

const Published = ({ by, at, now }: { by: string; at: Date; now: Date }) => (
  <>
    <Time at={at} now={now} /> by {by}
  </>
);

const Functions = ({ tools }: { tools: AgentVersion["content"]["tools"] }) => (
  <ul>
    {tools.map(({ function: { name, description } }) => (
      <li key={name}>
        <span className="font-mono">{name}</span>
        {description ? ` — ${description}` : null}
      </li>
    ))}
  </ul>
);
