import Markdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";

const heading: Components["h1"] = ({ children }) => <p className="font-semibold">{children}</p>;

/**
 * What a model may write, and no more: nothing is loaded from elsewhere, because an address in an answer could carry away
 * what was said, and links lead out only when a person follows them.
 */
const parts: Components = {
  // An answer is no part of the page's outline.
  h1: heading,
  h2: heading,
  h3: heading,
  h4: heading,
  h5: heading,
  h6: heading,
  p: ({ children }) => <p className="whitespace-pre-line">{children}</p>,
  ul: ({ children }) => <ul className="flex list-disc flex-col gap-1 pl-5">{children}</ul>,
  ol: ({ children, start }) => (
    <ol start={start} className="flex list-decimal flex-col gap-1 pl-6">
      {children}
    </ol>
  ),
  li: ({ children }) => <li>{children}</li>,
  input: ({ checked }) => <span>{checked ? "☑" : "☐"}</span>,
  strong: ({ children }) => <strong className="font-semibold">{children}</strong>,
  blockquote: ({ children }) => (
    <blockquote className="border-l-2 border-line pl-3 text-text-soft">{children}</blockquote>
  ),
  hr: () => <hr className="border-line" />,
  code: ({ children }) => <code className="rounded-small bg-canvas px-1 font-mono text-ui">{children}</code>,
  pre: ({ children }) => (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-control border border-line bg-canvas p-3 text-ui [&>code]:px-0"
    >
      {children}
    </pre>
  ),
  a: ({ href, children }) => (
    <a
      href={href}
      target="_blank"
      rel="noreferrer nofollow"
      className="rounded-control text-accent underline decoration-accent/35 underline-offset-3 hover:decoration-accent"
    >
      {children}
      <span className="sr-only"> (opens in a new tab)</span>
    </a>
  ),
  img: ({ alt }) => <span className="text-text-soft">[image: {alt || "without words"}]</span>,
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table has to be scrollable by keyboard too
    <section aria-label="Table" tabIndex={0} className="overflow-x-auto rounded-control border border-line">
      <table className="w-full border-collapse text-ui">{children}</table>
    </section>
  ),
  th: ({ children }) => (
    <th className="border-b border-line bg-canvas px-3 py-1.5 text-left font-medium">{children}</th>
  ),
  td: ({ children }) => <td className="border-b border-line px-3 py-1.5 align-top">{children}</td>,
};

/** An answer as its model wrote it, in Markdown; markup of any other kind is text. */
export function AnswerText({ text }: { text: string }) {
  return (
    <div className="flex flex-col gap-3">
      <Markdown remarkPlugins={[remarkGfm]} components={parts}>
        {text}
      </Markdown>
    </div>
  );
}
