import { ArrowRight, SquareFunction } from "lucide-react";
import { Notice } from "#components/ui/notice.tsx";
import { formatCount } from "#components/usage/measures.ts";
import { prettyPrinted } from "./json-check.ts";
import { costWords, type Item } from "./preview-items.ts";

/** One thing that was said or done in the preview. */
export function PreviewItem({ item }: { item: Item }) {
  switch (item.kind) {
    case "question":
      return (
        <p className="ml-auto max-w-[85%] rounded-card bg-accent-soft px-3 py-2 break-words whitespace-pre-wrap">
          <span className="sr-only">You: </span>
          {item.text}
        </p>
      );
    case "answer":
      return (
        <p className="break-words whitespace-pre-wrap">
          <span className="sr-only">Agent: </span>
          {item.text}
        </p>
      );
    case "call":
      return <CallView item={item} />;
    case "handoff":
      return (
        <p className="flex flex-wrap items-center gap-1.5 border-y border-line py-1.5 text-meta text-text-soft">
          Handed over: {item.from} <ArrowRight aria-label="to" className="size-3.5" /> {item.to || "…"}
        </p>
      );
    case "figures":
      return <Figures item={item} />;
    case "stopped":
      return <p className="text-meta text-text-faint">Stopped; what was written until then is billed</p>;
    case "problem":
      return <Notice tone="bad">{item.text}</Notice>;
  }
}

function CallView({ item }: { item: Extract<Item, { kind: "call" }> }) {
  return (
    <div className="rounded-control border border-line bg-canvas p-2.5">
      <p className="flex items-center gap-1.5 text-meta text-text-soft">
        <SquareFunction aria-hidden="true" className="size-3.5" />
        Asks for <span className="font-mono text-text">{item.name}</span>
      </p>
      <pre className="mt-1 font-mono text-meta break-words whitespace-pre-wrap">
        {prettyPrinted(item.arguments) ?? item.arguments}
      </pre>
      {item.result === undefined ? null : (
        <p className="mt-1.5 border-t border-line pt-1.5 text-meta">
          <span className="text-text-faint">Result </span>
          <span className="font-mono break-words whitespace-pre-wrap">{item.result}</span>
        </p>
      )}
    </div>
  );
}

function Figures({ item: { tokensIn, tokensOut, cost } }: { item: Extract<Item, { kind: "figures" }> }) {
  return (
    <p className="tabular flex flex-wrap gap-x-3 text-meta text-text-faint">
      <span>
        {formatCount(tokensIn)} tokens in, {formatCount(tokensOut)} out
      </span>
      {cost === undefined ? null : <span>{costWords(cost)}</span>}
    </p>
  );
}
