import { KeyRound } from "lucide-react";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Code, CodeBlock } from "#components/ui/code-block.tsx";
import { CodeTabs } from "#components/ui/code-tabs.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { Figure } from "#components/ui/figure.tsx";
import { NoPermission } from "#components/ui/no-permission.tsx";
import { Notice, type Tone } from "#components/ui/notice.tsx";
import { Sum } from "#components/ui/sum.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { Line, type Specimen, Stack } from "./specimens.tsx";
import { long, longWord, now, secret } from "./words.ts";

const tones: readonly Tone[] = ["good", "warn", "bad", "info", "neutral"];

const Badges = () =>
  [false, true].map((plain) => (
    <Line key={String(plain)}>
      {tones.map((tone) => (
        <Badge key={tone} tone={tone} plain={plain}>
          {plain ? "chat" : "Active"}
        </Badge>
      ))}
    </Line>
  ));

const Notices = () => (
  <Stack>
    {tones.map((tone) => (
      <Notice
        key={tone}
        tone={tone}
        title="75 % of the limit is spent"
        action={<Button size="small">See limits</Button>}
      >
        {tone === "neutral" ? long : "At 100 % requests are refused."}
      </Notice>
    ))}
    <Notice>Only a sentence, without a title.</Notice>
  </Stack>
);

/** Zero, less than a cent, an exact sum, a rounded one and a large one. */
const amounts = [0n, 17_000_000n, 4_000_000_000_000n, 12_345_678_900_000n, 1_234_567_890_120_000_000n];

const Figures = () => (
  <Stack>
    <div className="grid gap-5 sm:grid-cols-3">
      <Figure label="Cost" value="€0.00">
        Nothing was billed
      </Figure>
      <Figure label="Requests" value="1,284,002" exact="exact on hover">
        12 % more than 1,146,430 in the 30 days before
      </Figure>
      <Figure label="Tokens" value="0" />
    </div>
    <Line>
      {amounts.map((pico) => (
        <Sum key={String(pico)} pico={pico} />
      ))}
    </Line>
    <Line>
      {[59, 3 * 3600, -7 * 86_400, 90 * 86_400].map((ago) => (
        <Time key={ago} at={new Date(now.getTime() - ago * 1000)} now={now} />
      ))}
      <Time at={now} form="date" />
      <Time at={now} form="instant" />
    </Line>
  </Stack>
);

const Facts = () => (
  <DefinitionList
    rows={[
      { term: "Key id", value: <Copyable text="key_01k9z7w3q5t8v2x4y6b0c1d3e5" noun="key id" /> },
      { term: "Key", value: <Code>cpt_aB3d…9xYz</Code> },
      { term: "Models", value: long },
      { term: "End user", value: longWord },
      { term: "Limit", value: "Never" },
    ]}
  />
);

const curl = `curl https://console.example.com/v1/chat/completions \\\n  -H "Authorization: Bearer $COMPTOIR_API_KEY"`;

const Blocks = () => (
  <Stack>
    <CodeBlock code={curl} label="Copy command" />
    <CodeBlock code={secret.repeat(3)} label="Copy secret" wrap />
    <CodeTabs codes={{ curl, Python: 'print("the same")' }} />
  </Stack>
);

const Cards = () => (
  <Stack>
    <Card
      title="Workspace Research"
      description="What all keys of this workspace together can spend in a month."
      aside={<TextLink href="#">All limits</TextLink>}
      hint="Billing managers can change it."
      footer={<Button emphasis="primary">Save limit</Button>}
    >
      <p className="text-ui">What the card is about.</p>
    </Card>
    <Card
      tone="bad"
      level={3}
      title="Delete workspace"
      hint="Nothing of it is kept."
      footer={<Button tone="bad">Delete</Button>}
    >
      <p className="text-ui">{long}</p>
    </Card>
    <Card title={long} />
  </Stack>
);

const States = () => (
  <Stack>
    <EmptyState
      icon={KeyRound}
      title="No API keys yet"
      action={<Button emphasis="primary">Create key</Button>}
      snippet={<CodeBlock code={curl} label="Copy command" />}
    >
      A key lets a program ask models for answers.
    </EmptyState>
    <ErrorPanel title="This page could not be shown" reference="a61bfcc9a441" action={<Button>Retry</Button>}>
      Something went wrong on our side. Try again, or write to support with the reference.
    </ErrorPanel>
    <NoPermission permission="keys.write" grantors={[{ name: "Aino Salmi", role: "organization_admin" }]} />
  </Stack>
);

export const facts: readonly Specimen[] = [
  { of: "Badge", show: <Badges /> },
  { of: "Notice", show: <Notices /> },
  { of: "Figure, sum, time", show: <Figures /> },
  { of: "Definition list, code, copyable", show: <Facts /> },
  { of: "Code block", show: <Blocks /> },
  { of: "Card", show: <Cards /> },
  { of: "Empty, failed, not allowed", show: <States /> },
];
