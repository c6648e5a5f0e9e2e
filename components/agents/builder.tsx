"use client";

import { type FormEvent, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Queries } from "#components/ui/queries.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { Content } from "#lib/domain/agents/builder/rules.ts";
import type { AgentSummary, NamedAgent } from "#lib/domain/agents/view.ts";
import type { PlaygroundKey } from "#lib/domain/keys/view.ts";
import { ArgumentFields } from "./argument-fields.tsx";
import { BuilderStrip } from "./builder-strip.tsx";
import { ExampleFields } from "./example-fields.tsx";
import { FormatFields } from "./format-fields.tsx";
import { HandoffFields } from "./handoff-fields.tsx";
import { IdentityForm } from "./identity-form.tsx";
import { Preview } from "./preview.tsx";
import { PromptFields } from "./prompt-fields.tsx";
import { PublishDialog } from "./publish-dialog.tsx";
import { ToolFields } from "./tool-fields.tsx";
import { type BuilderActions, useBuilder } from "./use-builder.ts";
import { useLeaveWarning } from "./use-leave-warning.ts";

type Props = {
  agent: AgentSummary;
  /** The draft, or what is published where there is none. */
  content: Content;
  /** The number the next version will have. */
  nextVersion: number;
  models: readonly string[];
  /** Agents it could hand over to. */
  partners: readonly NamedAgent[];
  mayRename: boolean;
  /** Why the preview cannot be used. */
  refusal: string | null;
  actions: BuilderActions & { identify: Action<void>; open: Action<PlaygroundKey> };
};

/** An agent's form, and a chat with what stands in it. */
export function Builder(props: Props) {
  return (
    <Queries>
      <Desk {...props} />
    </Queries>
  );
}

function Desk({ agent, content, nextVersion, models, partners, mayRename, refusal, actions }: Props) {
  const builder = useBuilder(agent.id, content, actions);
  const [isPublishing, setPublishing] = useState(false);
  useLeaveWarning(builder.isChanged);
  const fields = { form: builder.form, change: builder.change, errors: builder.errors };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void builder.save();
  };
  const isNews = agent.version === null || agent.hasDraft || builder.isChanged;
  const askToPublish = () => {
    if (isNews) setPublishing(true);
    else builder.say({ tone: "good", words: `Nothing has changed since version ${agent.version}.` });
  };
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_380px]">
      <div className="flex min-w-0 flex-col gap-5">
        <DraftNotice agent={agent} onDiscard={() => void builder.discard()} />
        <IdentityForm agent={agent} mayRename={mayRename} save={actions.identify} />
        <form
          ref={builder.element}
          onSubmit={submit}
          noValidate
          aria-label="What the agent is told"
          className="flex flex-col gap-5"
        >
          <PromptFields {...fields} models={models} />
          <ExampleFields {...fields} />
          <ToolFields {...fields} />
          <HandoffFields {...fields} partners={partners} />
          <FormatFields {...fields} />
          <ArgumentFields {...fields} />
          <BuilderStrip builder={builder} onPublish={askToPublish} />
        </form>
        {isPublishing ? (
          <PublishDialog
            agent={agent}
            version={nextVersion}
            publish={builder.publish}
            onClose={() => setPublishing(false)}
          />
        ) : null}
      </div>
      <Preview agentId={agent.id} save={builder.save} open={actions.open} refusal={refusal} />
    </div>
  );
}

/** Where something newer than what answers is being worked on. */
function DraftNotice({ agent: { hasDraft, version }, onDiscard }: { agent: AgentSummary; onDiscard: () => void }) {
  if (!hasDraft || version === null) return null;
  return (
    <Notice
      title={`This is a draft beside version ${version}`}
      action={
        <Button size="small" onClick={onDiscard}>
          Discard draft
        </Button>
      }
    >
      Version {version} answers until the draft is published.
    </Notice>
  );
}
