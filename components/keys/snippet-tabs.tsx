"use client";

import { useId, useState } from "react";
import { classes } from "#components/ui/classes.ts";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { type Call, exportLine, type Language, languages, snippet } from "./snippets.ts";

/** The first call in three languages; with a secret, the line that sets it comes first. */
export function SnippetTabs({ call, secret }: { call: Call; secret?: string }) {
  const [language, setLanguage] = useState<Language>("curl");
  const name = useId();
  const code = snippet(language, call);
  return (
    <div className="flex flex-col gap-2">
      {secret ? <CodeBlock code={exportLine(secret)} label="Copy the line that sets the key" /> : null}
      <fieldset className="flex gap-1">
        <legend className="sr-only">Language</legend>
        {languages.map((option) => (
          <label
            key={option}
            className={classes(
              "rounded-control border px-2.5 py-1 text-meta has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent",
              option === language ? "border-line bg-surface font-medium" : "border-transparent text-text-soft",
            )}
          >
            <input
              type="radio"
              name={name}
              value={option}
              checked={option === language}
              onChange={() => setLanguage(option)}
              className="sr-only"
            />
            {option}
          </label>
        ))}
      </fieldset>
      <CodeBlock code={code} label="Copy snippet" />
    </div>
  );
}
