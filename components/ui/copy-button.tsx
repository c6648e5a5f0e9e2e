"use client";

import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
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
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), shownMs);
    return () => clearTimeout(timer);
  }, [state]);

  const copy = async () => {
    const worked = await copyText(text);
    setState(worked ? "copied" : "failed");
    if (worked) onCopied?.();
  };
  const icon: ReactNode = state === "copied" ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />;
  const words = { idle: "", copied: "Copied", failed: "Copying was refused. Select the text and copy it yourself." }[
    state
  ];
  return (
    <span className={wide ? "flex w-full flex-col [&_svg]:size-4" : "inline-flex"}>
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
      <span role="status" className={state === "failed" && wide ? "mt-1 text-meta text-bad" : "sr-only"}>
        {words}
      </span>
    </span>
  );
}
