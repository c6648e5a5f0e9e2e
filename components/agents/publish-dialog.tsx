import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { AgentSummary } from "#lib/domain/agents/view.ts";
import { isOfForm } from "./use-builder.ts";

type Props = {
  agent: AgentSummary;
  /** The number the version will have. */
  version: number;
  publish: Action<{ version: number }>;
  onClose: () => void;
};

/** The last look before a version answers (T-4.3-RESP1). */
export function PublishDialog({ agent, version, publish, onClose }: Props) {
  const { result, pending, form } = useFormAction<{ version: number }>(async (previous, sent) => {
    const next = await publish(previous, sent);
    // What is wrong with the agent itself is marked in the form underneath.
    if (next.ok || isOfForm(next)) onClose();
    return next;
  });
  return (
    <Dialog open onClose={onClose} title={`Publish version ${version}`} description={effect(agent)}>
      <form {...form} noValidate className="flex flex-col gap-3">
        <FormMessage result={result} />
        <TextField
          label="Message"
          name="message"
          hint="optional"
          autoComplete="off"
          maxLength={500}
          placeholder="Asks for dates first"
          help="What changed, for the list of versions."
          error={errorOf(result, "message")}
        />
        <Checkbox
          name="attested"
          label="I have the rights to what is in it"
          help="To the instructions, the examples and the name. That you said so is kept with the version."
          error={errorOf(result, "attested")}
        />
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton pending={pending}>Publish version {version}</SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

function effect({ version, visibility }: AgentSummary): string {
  const whom = visibility === "workspace" ? "everybody in the workspace" : "those it is shared with";
  return version === null
    ? `From then on it answers, and ${whom} can use it.`
    : `From the next request on it answers instead of version ${version}, for ${whom}.`;
}
