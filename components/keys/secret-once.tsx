import { type ReactNode, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { SnippetTabs } from "./snippet-tabs.tsx";
import type { Call } from "./snippets.ts";

type Props = {
  title: string;
  secret: string;
  /** How to call with it; without one, `usage` shows how. */
  call?: Call;
  usage?: ReactNode;
  /** More to know, such as when the old key ends. */
  children?: ReactNode;
  onClose: () => void;
};

/** The only time a secret is shown: nothing but copying or saying so closes it, and closing forgets it. */
export function SecretOnce({ title, secret, call, usage, children, onClose }: Props) {
  const [isCopied, setCopied] = useState(false);
  return (
    <Dialog
      open
      locked={!isCopied}
      onClose={onClose}
      title={title}
      size="wide"
      description="This is the only time it is shown. Store it now; we keep only a fingerprint of it."
    >
      <div className="flex flex-col gap-3">
        {children}
        <Field label="Key" help="Its place is an environment variable or a secret store.">
          {(control) => (
            <Input
              {...control}
              mono
              readOnly
              data-first-focus
              autoComplete="off"
              spellCheck={false}
              value={secret}
              onFocus={(event) => event.currentTarget.select()}
            />
          )}
        </Field>
        <CopyButton wide text={secret} label="Copy key" onCopied={() => setCopied(true)} />
        {call ? <SnippetTabs call={call} secret={secret} /> : usage}
      </div>
      <DialogFooter hint="Keep it out of code and chats.">
        <Button onClick={onClose}>I have stored it</Button>
      </DialogFooter>
    </Dialog>
  );
}
