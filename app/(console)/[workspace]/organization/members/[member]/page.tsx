import { asId, page } from "#app/doors/workspace-page.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { memberOf } from "#lib/domain/members/queries.ts";
import { Places } from "./places.tsx";
import { Removal } from "./removal.tsx";
import { Roles } from "./roles.tsx";

/** One person: what they are in the organization and in its workspaces, and the end of it. */
const memberPage = page({
  can: "members.read",
  title: "Member",
  load: (ctx, { params }) => memberOf(ctx, asId("user", params.member)),
  name: ({ name }) => name,
  head: ({ id, email }, ctx) => ({
    description: email,
    badge: id === ctx.actor.id ? <Badge plain>You</Badge> : undefined,
  }),
  view: (member, ctx) => (
    <>
      <Roles ctx={ctx} member={member} />
      <Places ctx={ctx} member={member} />
      <Removal ctx={ctx} member={member} />
    </>
  ),
});

export const { generateMetadata } = memberPage;
export default memberPage.default;
