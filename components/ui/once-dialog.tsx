import { type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import { CopyButton } from "./copy-button.tsx";
import { Dialog } from "./dialog.tsx";
import { DialogFooter } from "./dialog-footer.tsx";

type Props = {
  title: string;
  description: string;
  size?: "normal" | "wide";
  /** What is copied, and the word on the button that does it. */
  text: string;
  copy: string;
  hint?: string;
  /** What the person says to close it. */
  done: string;
  /** How the secret is shown. */
  children: ReactNode;
  after?: ReactNode;
  onClose: () => void;
};

/** The only time something is shown: nothing but copying or saying so closes it, and closing forgets it. */
export function OnceDialog({ title, description, size, text, copy, hint, done, children, after, onClose }: Props) {
  const [isCopied, setCopied] = useState(false);
  return (
    <Dialog open locked={!isCopied} onClose={onClose} title={title} {...(size && { size })} description={description}>
      <div className="flex flex-col gap-3">
        {children}
        <CopyButton wide text={text} label={copy} onCopied={() => setCopied(true)} />
        {after}
      </div>
      <DialogFooter {...(hint && { hint })}>
        <Button onClick={onClose}>{done}</Button>
      </DialogFooter>
    </Dialog>
  );
}
