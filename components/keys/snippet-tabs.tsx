import { CodeBlock } from "#components/ui/code-block.tsx";
import { CodeTabs } from "#components/ui/code-tabs.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { type Call, exportLine, languages, snippet } from "./snippets.ts";

/** The first call in three languages; with a secret, the line that sets it comes first. */
export const SnippetTabs = ({ call, secret }: { call: Call; secret?: string }) => (
  <div className="flex flex-col gap-2">
    {secret ? <CodeBlock code={exportLine(secret)} label="Copy the line that sets the key" /> : null}
    <CodeTabs codes={Object.fromEntries(languages.map((language) => [language, snippet(language, call)]))} />
    {/* A link would lead away from a secret that is shown once. */}
    {secret ? null : (
      <p className="text-ui text-text-soft">
        More in the <TextLink href="/docs/quickstart">quickstart</TextLink>.
      </p>
    )}
  </div>
);
