"use client";

import { useId, useState } from "react";
import { classes } from "./classes.ts";
import { CodeBlock } from "./code-block.tsx";

type Props = { codes: Readonly<Record<string, string>> };

/** The same in several languages, one at a time. */
export function CodeTabs({ codes }: Props) {
  const languages = Object.keys(codes);
  const [language, setLanguage] = useState(languages[0] ?? "");
  const name = useId();
  return (
    <div className="flex flex-col gap-2">
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
      <CodeBlock code={codes[language] ?? ""} label="Copy snippet" />
    </div>
  );
}
