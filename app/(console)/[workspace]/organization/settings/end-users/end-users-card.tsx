import { denial } from "#app/doors/refused.tsx";
import { Card } from "#components/ui/card.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect, FormText } from "#components/ui/form-fields.tsx";
import type { Context } from "#lib/core/context.ts";
import { endUserMode } from "#lib/domain/end-users/queries.ts";
import { type EndUserMode, endUserModes, modeWords } from "#lib/domain/end-users/rules.ts";
import { forget, saveEndUsers } from "./actions.ts";

/** What is kept of the end users that requests name (T-4.2.1-EU). */
export async function EndUsersCard({ ctx }: { ctx: Context }) {
  const [mode, reason] = await Promise.all([endUserMode(ctx), denial(ctx, "organization.write")]);
  return (
    <Card
      id="end-users"
      title="End users"
      description="Requests can name who they are for: user, safety_identifier or metadata.user_id."
      footer={reason ? <Denied label="Change" reason={reason} /> : <Changes mode={mode} />}
    >
      <p className="text-ui">{modeWords[mode].means}</p>
      <p className="text-ui text-text-soft">Under zero data retention they are never kept.</p>
    </Card>
  );
}

const Changes = ({ mode }: { mode: EndUserMode }) => (
  <div className="flex flex-wrap gap-2">
    <FormDialog trigger="Change" title="Names of end users" submit="Save" action={saveEndUsers}>
      <p className="text-ui text-text-soft">
        It holds for requests from now on. What was kept before stays as it is: forget an end user to take it away.
      </p>
      <FormSelect
        label="Names in requests"
        name="mode"
        defaultValue={mode}
        options={endUserModes.map((value) => ({ value, label: `${modeWords[value].name}: ${modeWords[value].means}` }))}
      />
    </FormDialog>
    <FormDialog
      trigger="Forget an end user"
      triggerLook={{ tone: "bad" }}
      title="Forget an end user"
      submit="Forget end user"
      action={forget}
    >
      <p className="text-ui text-text-soft">
        The name, or the code that stands for it, is taken off all usage of every workspace, and you get a signed
        receipt. Amounts stay. Prompts and answers that are kept go when their time is over. This cannot be undone.
      </p>
      <FormText label="Name" name="end_user" autoComplete="off" help="As your requests name them, or the code eu_…" />
    </FormDialog>
  </div>
);
