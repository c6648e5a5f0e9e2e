import { ShieldCheck } from "lucide-react";
import { page } from "#app/doors/workspace-page.tsx";
import { SuspensionFacts } from "#components/suspensions/suspension-facts.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormTextarea } from "#components/ui/form-fields.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { latestSuspension } from "#lib/domain/suspensions/queries.ts";
import { appeal } from "./actions.ts";

const suspensionPage = page({
  can: "organization.read",
  title: "Suspension",
  description: "Why access was taken away, and how to object (T-4.1-USE).",
  load: latestSuspension,
  view: (suspension, ctx) => {
    if (!suspension)
      return (
        <EmptyState icon={ShieldCheck} title="This organization was never suspended">
          If its access is ever taken away, the reason, the requests and the way to object are here.
        </EmptyState>
      );
    const mayAppeal =
      suspension.state === "active" && suspension.appeal === null && can(ctx.actor, "suspensions.appeal");
    return (
      <>
        <SuspensionFacts suspension={suspension} base={`/${ctx.workspaceId}`} now={ctx.now} />
        {mayAppeal ? (
          <Card
            title="Appeal"
            description="Somebody of our staff who had no part in it decides within five working days. You can appeal once, so say everything."
          >
            <FormDialog
              trigger="Appeal…"
              triggerLook={{ emphasis: "primary" }}
              title="Appeal against the suspension"
              submit="Send appeal"
              hidden={{ id: suspension.id }}
              action={appeal}
            >
              <FormTextarea
                label="What we got wrong"
                name="appeal"
                rows={6}
                help="Name requests by their ids, and do not paste what was said in them."
              />
            </FormDialog>
          </Card>
        ) : null}
      </>
    );
  },
});

export const { generateMetadata } = suspensionPage;
export default suspensionPage.default;
