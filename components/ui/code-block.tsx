import { CopyButton } from "./copy-button.tsx";

/** Something to paste, with its copy button. */
export function CodeBlock({ code, label, wrap = false }: { code: string; label: string; wrap?: boolean }) {
  return (
    <div className="relative rounded-control border border-line bg-sunken">
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard
        tabIndex={0}
        className={`overflow-x-auto rounded-control py-2.5 pr-10 pl-3 font-mono text-meta leading-5 ${wrap ? "whitespace-pre-wrap break-all" : ""}`}
      >
        <code>{code}</code>
      </pre>
      <span className="absolute top-1.5 right-1.5 rounded-control bg-sunken">
        <CopyButton text={code} label={label} />
      </span>
    </div>
  );
}

/** An id or a short value inside text. */
export function Code({ children }: { children: string }) {
  return <code className="rounded-small bg-sunken px-1.5 py-0.5 font-mono text-meta text-text-soft">{children}</code>;
}
