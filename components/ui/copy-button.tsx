"use client";

import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "./button.tsx";
import { copyText } from "./copy-text.ts";
import { IconButton } from "./icon-button.tsx";

type Props = {
  text: string;
  /** What is copied: "Copy key id". */
  label: string;
  /** A whole button with words instead of an icon. */
  wide?: boolean;
  onCopied?: () => void;
};

const shownMs = 2000;

export function CopyButton({ text, label, wide = false, onCopied }: Props) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  useEffect(() => {
    if (state !== "copied") return;
    const timer = setTimeout(() => setState("idle"), shownMs);
    return () => clearTimeout(timer);
  }, [state]);

  const copy = async () => {
    const worked = await copyText(text);
    setState(worked ? "copied" : "failed");
    if (worked) onCopied?.();
  };
  const icon: ReactNode = state === "copied" ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />;
  const words = { idle: "", copied: "Copied", failed: "Press Ctrl+C to copy" }[state];
  return (
    <span className={wide ? "flex w-full flex-col [&_svg]:size-4" : "inline-flex items-center gap-1"}>
      {wide ? (
        <Button emphasis="primary" size="large" stretch onClick={copy}>
          {icon}
          {state === "copied" ? "Copied" : label}
        </Button>
      ) : (
        <IconButton label={label} size="small" onClick={copy}>
          {icon}
        </IconButton>
      )}
      <span role="status" className={state === "copied" && wide ? "sr-only" : "text-meta text-text-soft"}>
        {words}
      </span>
      {state === "failed" ? <Selected text={text} label={label} /> : null}
    </span>
  );
}

/** Where the browser lets no page copy: the text, selected, for the keys that do. */
function Selected({ text, label }: { text: string; label: string }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  return (
    <input
      ref={field}
      readOnly
      value={text}
      aria-label={label}
      className="min-w-0 rounded-control border border-line bg-sunken px-2 py-1 font-mono text-meta"
    />
  );
}
