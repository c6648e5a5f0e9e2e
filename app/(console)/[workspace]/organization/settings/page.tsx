import { page } from "#app/doors/workspace-page.tsx";
import { organizationOf } from "#lib/domain/organizations/queries.ts";
import { ContactCard } from "./contact/contact-card.tsx";
import { DeleteCard } from "./delete-card.tsx";
import { DomainsCard } from "./domains-card.tsx";
import { EndUsersCard } from "./end-users/end-users-card.tsx";
import { LeaveCard } from "./leave-card.tsx";
import { NameCard } from "./name-card.tsx";
import { SignInCard } from "./sign-in-card.tsx";
import { WebPagesCard } from "./web-pages/web-pages-card.tsx";

/** One card for each thing that can be set, the everyday ones first and what cannot be undone last. */
const settings = page({
  can: "members.read",
  title: "Organization settings",
  description: "What holds for the whole organization, in every workspace.",
  load: organizationOf,
  head: () => ({ title: "Settings" }),
  view: (organization, ctx) => (
    <>
      <NameCard ctx={ctx} organization={organization} />
      <ContactCard ctx={ctx} />
      <SignInCard ctx={ctx} />
      <DomainsCard ctx={ctx} />
      <WebPagesCard ctx={ctx} />
      <EndUsersCard ctx={ctx} />
      <LeaveCard ctx={ctx} organization={organization} />
      <DeleteCard ctx={ctx} organization={organization} />
    </>
  ),
});

export const { generateMetadata } = settings;
export default settings.default;
