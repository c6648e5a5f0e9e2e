import { classes } from "#components/ui/classes.ts";
import type { LineView, MessageView } from "#lib/domain/files/preview/rules.ts";

/** A line of a data set as people read it. */
export function LineBody({ view }: { view: LineView }) {
  if (view.kind === "conversation") return <Conversation view={view} />;
  return (
    <p
      className={classes(
        "break-words whitespace-pre-wrap",
        view.kind === "raw" ? "font-mono text-meta text-text-soft" : "text-ui",
      )}
    >
      {view.text}
    </p>
  );
}

function Conversation({ view: { messages, tools } }: { view: Extract<LineView, { kind: "conversation" }> }) {
  return (
    <div className="flex flex-col gap-2">
      <ol className="flex flex-col gap-2">
        {messages.map((message, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: messages repeat, and never change their places
          <Message key={index} message={message} />
        ))}
      </ol>
      {tools.length > 0 ? <p className="text-meta text-text-faint">Tools: {tools.join(", ")}</p> : null}
    </div>
  );
}

const looks: Record<string, string> = {
  system: "border-dashed bg-canvas",
  assistant: "bg-surface border-accent/40",
  tool: "bg-sunken",
};

function Message({ message: { role, content, isMuted, calls } }: { message: MessageView }) {
  return (
    <li
      className={classes(
        "max-w-[70ch] rounded-card border border-line px-3 py-2 text-ui",
        looks[role] ?? "bg-sunken",
        role === "assistant" && "ml-6 max-sm:ml-3",
      )}
    >
      <p className="text-meta text-text-faint">
        {role}
        {isMuted ? " (weight 0: not learned from)" : ""}
      </p>
      {content === "" ? null : <p className="break-words whitespace-pre-wrap">{content}</p>}
      {calls.map((call, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: calls repeat, and never change their places
        <details key={index} className="mt-1">
          <summary className="cursor-pointer text-text-soft">Calls {call.name}</summary>
          <pre className="mt-1 font-mono text-meta break-all whitespace-pre-wrap">{call.arguments}</pre>
        </details>
      ))}
    </li>
  );
}
