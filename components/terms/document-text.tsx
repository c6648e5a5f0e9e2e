import type { ReactNode } from "react";
import Markdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { TextLink } from "#components/ui/text-link.tsx";

// The document's own headings start under the page's.
const parts: Components = {
  h1: ({ children }) => (
    <h2 id={anchorOf(children)} className="mt-4 scroll-mt-16 text-section font-semibold">
      {children}
    </h2>
  ),
  h2: ({ children }) => (
    <h2 id={anchorOf(children)} className="mt-4 scroll-mt-16 text-section font-semibold">
      {children}
    </h2>
  ),
  h3: ({ children }) => (
    <h3 id={anchorOf(children)} className="mt-1 scroll-mt-16 text-body font-semibold">
      {children}
    </h3>
  ),
  p: ({ children }) => <p>{children}</p>,
  ul: ({ children }) => <ul className="flex list-disc flex-col gap-1.5 pl-5">{children}</ul>,
  ol: ({ children }) => <ol className="flex list-decimal flex-col gap-1.5 pl-5">{children}</ol>,
  strong: ({ children }) => <strong className="font-semibold text-text">{children}</strong>,
  a: ({ href, children }) => <TextLink href={href ?? "/legal"}>{children}</TextLink>,
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table has to be scrollable by keyboard too.
    <section aria-label="Table" tabIndex={0} className="overflow-x-auto rounded-card border border-line">
      <table className="w-full border-collapse text-ui">{children}</table>
    </section>
  ),
  th: ({ children }) => <th className="border-b border-line bg-canvas px-3 py-2 text-left font-medium">{children}</th>,
  td: ({ children }) => <td className="min-w-32 border-b border-line px-3 py-2 align-top">{children}</td>,
};

/** What a heading can be linked to by; headers of the API link to what is said of models that are discontinued. */
function anchorOf(children: ReactNode): string | undefined {
  if (typeof children !== "string") return undefined;
  const words: string[] = children.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.includes("discontinued") ? "discontinued" : words.join("-") || undefined;
}

/** A contract document, as published. */
export function DocumentText({ body }: { body: string }) {
  return (
    <div className="flex max-w-[72ch] flex-col gap-3 leading-relaxed text-text-soft [&_h2]:text-text [&_h3]:text-text">
      <Markdown remarkPlugins={[remarkGfm]} components={parts}>
        {body}
      </Markdown>
    </div>
  );
}
