import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import Markdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { Code, CodeBlock } from "#components/ui/code-block.tsx";
import { anchorOf } from "#lib/core/documentation/markdown.ts";

type Node = { type: string; value?: string; children?: readonly Node[] };

const textOf = (node: Node | undefined): string =>
  node?.value ?? (node?.children ?? []).map((child) => textOf(child)).join("");

const linkLook =
  "rounded-control text-accent underline decoration-accent/35 underline-offset-3 hover:decoration-accent";

/** What the pages of the console do not answer: files for programs, other servers, and the front's own pages. */
const isElsewhere = (href: string): boolean =>
  /^(?:[a-z]+:|#|\/v1\/|\/status(?:\/|$)|\/llms|.*\.(?:md|json|ics|atom)$)/.test(href);

/** A link of the documentation. Pages are not fetched ahead: there are dozens in sight. */
export function DocLink({ href, look = linkLook, ...rest }: { href: string; look?: string; children: ReactNode }) {
  if (!isElsewhere(href)) return <Link href={href} prefetch={false} className={look} {...rest} />;
  const outside = /^https?:/.test(href) ? { rel: "noreferrer" } : {};
  return <a href={href} className={look} {...outside} {...rest} />;
}

/** A heading that is its own link, so that it can be copied from the address bar. */
export function Anchored({ as: As, anchor, children }: { as: "h2" | "h3"; anchor: string; children: ReactNode }) {
  const look = As === "h2" ? "mt-5 text-section" : "mt-2 text-body";
  return (
    <As id={anchor} className={`scroll-mt-4 font-semibold break-words text-text ${look}`}>
      <a href={`#${anchor}`} className="rounded-control hover:underline underline-offset-3">
        {children}
      </a>
    </As>
  );
}

const parts: Components = {
  h2: ({ node, children }) => (
    <Anchored as="h2" anchor={anchorOf(textOf(node))}>
      {children}
    </Anchored>
  ),
  h3: ({ node, children }) => (
    <Anchored as="h3" anchor={anchorOf(textOf(node))}>
      {children}
    </Anchored>
  ),
  ul: ({ children }) => <ul className="flex list-disc flex-col gap-1.5 pl-5">{children}</ul>,
  ol: ({ children }) => <ol className="flex list-decimal flex-col gap-1.5 pl-5">{children}</ol>,
  strong: ({ children }) => <strong className="font-semibold text-text">{children}</strong>,
  a: ({ href, children }) => <DocLink href={href ?? "/docs"}>{children}</DocLink>,
  blockquote: ({ children }) => <blockquote className="border-l-2 border-line pl-3">{children}</blockquote>,
  code: ({ node }) => <Code>{textOf(node)}</Code>,
  pre: ({ node }) => {
    const code = textOf(node).trimEnd();
    return <CodeBlock code={code} label="Copy code" />;
  },
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table has to be scrollable by keyboard too.
    <section aria-label="Table" tabIndex={0} className="overflow-x-auto rounded-card border border-line">
      <table className="w-full border-collapse text-ui">{children}</table>
    </section>
  ),
  th: ({ children }) => <th className="border-b border-line bg-canvas px-3 py-2 text-left font-medium">{children}</th>,
  td: ({ children }) => <td className="min-w-28 border-b border-line px-3 py-2 align-top">{children}</td>,
};

/** A page of the documentation from its Markdown. */
export const DocumentationText = ({ body }: { body: string }) => (
  <div className="flex min-w-0 max-w-[72ch] flex-col gap-3 leading-relaxed text-text-soft">
    <Markdown remarkPlugins={[remarkGfm]} components={parts as ComponentProps<typeof Markdown>["components"]}>
      {body}
    </Markdown>
  </div>
);
