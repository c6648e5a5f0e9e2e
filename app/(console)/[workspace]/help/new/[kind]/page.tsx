import { notFound } from "next/navigation";
import { open } from "#app/(console)/[workspace]/help/actions.ts";
import { Refused } from "#app/doors/refused.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { KindFields } from "#components/help/kind-fields.tsx";
import { ThreadForm } from "#components/help/thread-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { kindOf, openedHere, type TicketKind } from "#lib/domain/help/kinds/rules.ts";

const kindPage = page({
  can: "help.write",
  title: "Open a ticket",
  width: "form",
  load: async (_ctx, { params }) => {
    const kind = params.kind as TicketKind;
    if (!openedHere.includes(kind)) notFound();
    return { kind, needed: kindOf(kind).can };
  },
  name: ({ kind }) => kindOf(kind).title,
  head: ({ kind }) => ({ description: kindOf(kind).about }),
  view: ({ kind, needed }, ctx) =>
    !can(ctx.actor, needed) ? (
      <Refused ctx={ctx} permission={needed} />
    ) : (
      <Card hint="Answers come here and by e-mail.">
        <ThreadForm
          action={open}
          hidden={{ kind }}
          label={kindOf(kind).message}
          help="Markdown works: lists, code between three backticks, links."
          submit="Open ticket"
          upload={`/${ctx.workspaceId}/help/files`}
          rows={8}
        >
          <KindFields kind={kind} />
        </ThreadForm>
      </Card>
    ),
});

export const { generateMetadata } = kindPage;
export default kindPage.default;
