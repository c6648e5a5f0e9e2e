import { page } from "#app/doors/workspace-page.tsx";
import { KindList } from "#components/help/kind-list.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { kinds, ticketKinds } from "#lib/domain/help/kinds/rules.ts";

const newTicketPage = page({
  can: "help.write",
  title: "Open a ticket",
  description: "Choose what it is about. Each kind asks for what we need to act on it.",
  load: async (ctx) => ticketKinds.map((kind) => ({ kind, mayOpen: can(ctx.actor, kinds[kind].can) })),
  view: (choices, ctx) => <KindList choices={choices} base={`/${ctx.workspaceId}`} />,
});

export const { generateMetadata } = newTicketPage;
export default newTicketPage.default;
