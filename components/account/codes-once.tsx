import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";

/** The only time recovery codes are shown: nothing but copying or saying so closes it. */
export function CodesOnce({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const [isCopied, setCopied] = useState(false);
  return (
    <Dialog
      open
      locked={!isCopied}
      onClose={onClose}
      title="Your recovery codes"
      description="Each signs you in once when your second factor is lost. This is the only time they are shown: print them, or store them beside your passwords."
    >
      <div className="flex flex-col gap-3">
        <ul
          aria-label="Recovery codes"
          className="grid grid-cols-2 gap-x-6 gap-y-1.5 rounded-control border border-line bg-sunken px-4 py-3 text-center font-mono text-ui"
        >
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <CopyButton wide text={codes.join("\n")} label="Copy codes" onCopied={() => setCopied(true)} />
      </div>
      <DialogFooter>
        <Button onClick={onClose}>I have stored them</Button>
      </DialogFooter>
    </Dialog>
  );
}
