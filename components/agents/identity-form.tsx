import { Card } from "#components/ui/card.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf, typedOf } from "#components/ui/form-result.ts";
import { SelectField } from "#components/ui/select-field.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action, ActionResult } from "#lib/core/action-result.ts";
import type { AgentSummary } from "#lib/domain/agents/view.ts";
import { colorOptions } from "./create-fields.tsx";

type Props = { agent: AgentSummary; mayRename: boolean; save: Action<void> };

/** What an agent is called. It is no part of a version, so it counts at once. */
export function IdentityForm({ agent, mayRename, save }: Props) {
  const [result, submit, pending] = useAction(save);
  const form = useErrorFocus(result);
  return (
    <form ref={form} action={submit} noValidate aria-label="Name">
      <Card
        title="Name"
        description="Counts at once, for every version."
        hint={<span role="status">{result?.ok && !pending ? "Saved." : null}</span>}
        footer={<SubmitButton emphasis="secondary">Save name</SubmitButton>}
      >
        <FormMessage result={result} />
        <input type="hidden" name="agent" value={agent.id} />
        <Fields agent={agent} mayRename={mayRename} result={result} />
      </Card>
    </form>
  );
}

type FieldsProps = Pick<Props, "agent" | "mayRename"> & { result: ActionResult<void> | undefined };

function Fields({ agent, mayRename, result }: FieldsProps) {
  const reason = mayRename ? undefined : "Its owner, or who manages it, can change this.";
  return (
    <div className="grid gap-x-3 sm:grid-cols-[1fr_1fr_8rem]">
      <TextField
        key={`name ${agent.name}`}
        label="Name"
        name="name"
        autoComplete="off"
        maxLength={80}
        readOnly={!mayRename}
        help={reason}
        defaultValue={typedOf(result, "name", agent.name)}
        error={errorOf(result, "name")}
      />
      <TextField
        key={`handle ${agent.handle}`}
        label="Handle"
        name="handle"
        adornment="@"
        autoComplete="off"
        spellCheck={false}
        maxLength={32}
        readOnly={!mayRename}
        help={reason ?? "Programs and people that use the old one are not led on."}
        defaultValue={typedOf(result, "handle", agent.handle)}
        error={errorOf(result, "handle")}
      />
      <SelectField
        key={`color ${agent.color}`}
        label="Colour"
        name="color"
        options={colorOptions}
        defaultValue={typedOf(result, "color", agent.color)}
        error={errorOf(result, "color")}
      />
    </div>
  );
}
