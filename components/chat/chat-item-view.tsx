import { ArrowRight, SquareFunction } from "lucide-react";
import type { ReactNode } from "react";
import { prettyPrinted } from "#components/agents/json-check.ts";
import { Thinking } from "#components/playground/thinking.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { formatCount } from "#components/usage/measures.ts";
import { AnswerText } from "./answer-text.tsx";
import type { Call, ChatItem, Maker, Took } from "./chat-items.ts";
import { type AgentNames, makerWords } from "./maker-words.ts";

type Props = {
  item: Exclude<ChatItem, { kind: "question" }>;
  names: AgentNames;
  /** Address of the request log, for those who may read it. */
  logsHref: string | undefined;
  /** What can be done with an answer, beside copying it. */
  actions?: ReactNode;
};

/** An answer, a call or a handoff, with who made it and what it took. */
export function ChatItemView({ item, names, logsHref, actions }: Props) {
  const figures = <Figures item={item} names={names} logsHref={logsHref} actions={actions} />;
  if (item.kind === "handoff") {
    return (
      <div className="flex flex-col gap-1.5">
        <p className="flex flex-wrap items-center gap-1.5 border-y border-line py-1.5 text-meta text-text-soft">
          Handed over: {item.from} <ArrowRight aria-label="to" className="size-3.5" /> {item.to || "…"}
        </p>
        {item.took ? figures : null}
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-1.5">
      {item.kind === "answer" ? (
        <div className="max-w-[68ch] break-words">
          <span className="sr-only">{makerWords(item.maker, names) || "Answer"}: </span>
          <Thinking text={item.thought} />
          <AnswerText text={item.text} />
        </div>
      ) : (
        <CallView call={item} />
      )}
      {figures}
    </div>
  );
}

function CallView({ call: { name, arguments: given, result } }: { call: Call }) {
  return (
    <div className="max-w-[68ch] rounded-control border border-line bg-canvas p-2.5">
      <p className="flex items-center gap-1.5 text-meta text-text-soft">
        <SquareFunction aria-hidden="true" className="size-3.5" />
        Asks for <span className="font-mono text-text">{name}</span>
      </p>
      <pre className="mt-1 font-mono text-meta break-words whitespace-pre-wrap">{prettyPrinted(given) ?? given}</pre>
      {result === undefined ? null : (
        <p className="mt-1.5 border-t border-line pt-1.5 text-meta">
          <span className="text-text-faint">Result </span>
          <span className="font-mono break-words whitespace-pre-wrap">{result}</span>
        </p>
      )}
    </div>
  );
}

function Figures({ item, names, logsHref, actions }: Props) {
  const words = "maker" in item ? figuresOf(item.maker, item.took, names) : figuresOf(null, item.took, names);
  const requestId = item.took?.requestId;
  return (
    <div className="tabular flex flex-wrap items-center gap-x-3 gap-y-1 text-meta text-text-faint">
      {words.map((figure) => (
        <span key={figure}>{figure}</span>
      ))}
      {requestId && logsHref ? (
        <TextLink look="quiet" href={`${logsHref}/${requestId}`}>
          In the log
        </TextLink>
      ) : null}
      {item.kind === "answer" && item.text ? <CopyButton text={item.text} label="Copy answer" /> : null}
      {actions}
    </div>
  );
}

function figuresOf(maker: Maker | null, took: Took | undefined, names: AgentNames): string[] {
  const by = maker ? makerWords(maker, names) : "";
  const tokens = took && `${formatCount(took.tokensIn)} tokens in, ${formatCount(took.tokensOut)} out`;
  return [by, tokens, took?.cost].filter((figure): figure is string => Boolean(figure));
}
