import type { Metadata } from "next";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { DeskKeys } from "#components/help-desk/desk-keys.tsx";
import { MacroFields, MacroList } from "#components/help-desk/macro-list.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { macrosInUse } from "#lib/domain/help/macros/queries.ts";
import { retire, save } from "./actions.ts";

export const metadata: Metadata = { title: "Macros" };

export default async function MacrosPage() {
  const ctx = await deskContext("/staff/macros");
  if (!can(ctx.actor, "tickets.decide")) return <NoDesk />;
  return (
    <Page width="table">
      <DeskKeys />
      <PageHeader
        title="Macros"
        description="Answers you give often. Each change is a version of its own."
        action={
          <FormDialog creates trigger="New macro" title="New macro" submit="Save macro" size="wide" action={save}>
            <MacroFields />
          </FormDialog>
        }
      />
      <MacroList macros={await macrosInUse(ctx)} save={save} retire={retire} now={ctx.now} />
    </Page>
  );
}
