import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { AgentVisibility } from "#lib/domain/agents/view.ts";
import type { Reach } from "#lib/domain/sharing/view.ts";
import { ReachPanel } from "./reach-panel.tsx";
import type { SharedThing } from "./sharing-form.tsx";

type Props = {
  thing: SharedThing;
  placeName: string;
  visibility: AgentVisibility;
  /** As the form sends them. */
  grants: string;
  reach: Reach;
  save: Action<void>;
  onClose: () => void;
};

/** What else becomes reachable, before it does. */
export function ReviewDialog({ thing, placeName, visibility, grants, reach, save, onClose }: Props) {
  const { result, pending, form } = useFormAction<void>(async (previous, sent) => {
    const next = await save(previous, sent);
    if (next.ok) onClose();
    return next;
  });
  return (
    <Dialog open onClose={onClose} title={`Share ${thing.name}`} description="From the next request on.">
      <form {...form} className="flex flex-col gap-4">
        <FormMessage result={result} />
        <input type="hidden" name={thing.field} value={thing.id} />
        <input type="hidden" name="visibility" value={visibility} />
        <input type="hidden" name="grants" value={grants} />
        <ReachPanel placeName={placeName} reach={reach} isAgent={thing.field === "agent"} />
        <DialogFooter>
          <Button data-first-focus onClick={onClose}>
            Cancel
          </Button>
          <SubmitButton pending={pending}>Save sharing</SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
