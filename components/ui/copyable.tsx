import { Code } from "./code-block.tsx";
import { CopyButton } from "./copy-button.tsx";

/** An id in mono with its copy button. `noun` finishes "Copy …". */
export function Copyable({ text, noun }: { text: string; noun: string }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <span className="min-w-0 truncate">
        <Code>{text}</Code>
      </span>
      <CopyButton text={text} label={`Copy ${noun}`} />
    </span>
  );
}
