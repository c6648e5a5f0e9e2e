import { type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import { CopyButton } from "./copy-button.tsx";
import { Dialog } from "./dialog.tsx";
import { DialogFooter } from "./dialog-footer.tsx";
import { Field } from "./field.tsx";
import { Input } from "./input.tsx";

type Props = {
  title: string;
  description: string;
  /** What the secret is called, such as "Key", and what is said below it. */
  label: string;
  help: string;
  /** The word on the button that copies it. */
  copy: string;
  hint: string;
  secret: string;
  before?: ReactNode;
  after?: ReactNode;
  onClose: () => void;
};

/** The only time a secret is shown: nothing but copying or saying so closes it, and closing forgets it. */
export function SecretDialog({ title, description, label, help, copy, hint, secret, before, after, onClose }: Props) {
  const [isCopied, setCopied] = useState(false);
  return (
    <Dialog open locked={!isCopied} onClose={onClose} title={title} size="wide" description={description}>
      <div className="flex flex-col gap-3">
        {before}
        <Field label={label} help={help}>
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
        <CopyButton wide text={secret} label={copy} onCopied={() => setCopied(true)} />
        {after}
      </div>
      <DialogFooter hint={hint}>
        <Button onClick={onClose}>I have stored it</Button>
      </DialogFooter>
    </Dialog>
  );
}
