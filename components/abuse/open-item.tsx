"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { FormSelect, FormText, ResultContext } from "#components/ui/form-fields.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { DeskItem } from "#lib/domain/abuse/desk/view.ts";
import type { ReadItem } from "#lib/domain/abuse/reading/view.ts";
import { reasonTitles } from "#lib/domain/suspensions/rules.ts";

type Props = {
  item: Pick<DeskItem, "organizationId" | "id" | "category" | "isOpenTo" | "requestIds">;
  open: Action<ReadItem>;
};

/** Asks for a reason, then shows what was asked and answered. Closing forgets it; no address leads to it. */
export function OpenItem({ item, open }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button emphasis="primary" onClick={() => setOpen(true)}>
        {item.isOpenTo ? "Show requests…" : "Open requests…"}
      </Button>
      {isOpen ? <Reading item={item} open={open} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function Reading({ item, open, onClose }: Props & { onClose: () => void }) {
  const { result, pending, form } = useFormAction<ReadItem>(open);
  const read = result?.ok ? result.data : null;
  if (read)
    return (
      <Dialog open onClose={onClose} title="Requests of this item" size="wide">
        <Requests read={read} count={item.requestIds.length} />
        <DialogFooter>
          <Button onClick={onClose}>Close</Button>
        </DialogFooter>
      </Dialog>
    );
  const { organizationId, id, category, isOpenTo } = item;
  return (
    <Dialog
      open
      onClose={onClose}
      title={isOpenTo ? "Show the requests again" : "Open the requests of this item"}
      description="The customer’s audit log has your name, the reason and the ids of the requests before you see anything. You can read them for two hours."
    >
      <form {...form} noValidate className="flex flex-col gap-3">
        <FormMessage result={result} />
        <input type="hidden" name="organizationId" value={organizationId} />
        <input type="hidden" name="id" value={id} />
        <ResultContext value={result}>
          <FormSelect
            label="Reason"
            name="reason"
            options={Object.entries(reasonTitles).map(([value, label]) => ({ value, label }))}
            defaultValue={isOpenTo?.reason ?? category}
          />
          <FormText label="Clause" name="clause" defaultValue={isOpenTo?.clause ?? "T-4.2.2-ABUSE"} />
        </ResultContext>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton pending={pending}>{isOpenTo ? "Show requests" : "Open requests"}</SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

function Requests({ read: { requests }, count }: { read: ReadItem; count: number }) {
  const gone = count - requests.length;
  return (
    <div className="flex flex-col gap-4">
      {requests.map(({ id, request, answer }) => (
        <section key={id} aria-label={id} className="flex flex-col gap-1.5">
          <h3 className="font-mono text-meta">{id}</h3>
          <CodeBlock wrap code={JSON.stringify({ request, answer }, null, 2)} label={`Copy ${id}`} />
        </section>
      ))}
      {gone > 0 ? (
        <p className="text-ui text-text-soft">
          {gone} of {count} {gone === 1 ? "is" : "are"} not kept any more.
        </p>
      ) : null}
    </div>
  );
}
