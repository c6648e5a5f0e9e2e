import { denial } from "#app/doors/refused.tsx";
import { Card } from "#components/ui/card.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormText } from "#components/ui/form-fields.tsx";
import type { Context } from "#lib/core/context.ts";
import { recordsEnd } from "#lib/domain/leaving/rules.ts";
import type { OrganizationView } from "#lib/domain/organizations/queries.ts";
import { remove } from "./actions.ts";

/** The end of the organization for everyone, with a receipt. */
export async function DeleteCard({ ctx, organization: { name } }: { ctx: Context; organization: OrganizationView }) {
  const reason = await denial(ctx, "organization.write");
  const keptUntil = recordsEnd(ctx.now).toISOString().slice(0, 10);
  return (
    <Card
      id="delete"
      tone={reason ? "normal" : "bad"}
      title="Delete the organization"
      description={`${name} ends for everyone in it. This cannot be undone.`}
      footer={
        reason ? (
          <Denied label="Delete organization" reason={reason} />
        ) : (
          <FormDialog
            trigger="Delete organization"
            triggerLook={{ tone: "bad" }}
            title={`Delete ${name}`}
            submit="Delete organization"
            action={remove}
          >
            <ul className="list-disc space-y-1.5 pl-5 text-ui">
              <li>Every API key and admin key is refused at once, on every server.</li>
              <li>
                Agents, conversations, the content log, webhooks, connected services, groups and memberships go at once.
              </li>
              <li>Usage and cost are kept until {keptUntil}, because the law asks for it; the audit log stays.</li>
              <li>A receipt with the numbers goes to you and to the registration contact.</li>
            </ul>
            <FormText label={`Type ${name}`} name="name" autoComplete="off" />
          </FormDialog>
        )
      }
    />
  );
}
