import { Bot } from "lucide-react";
import { personChoices, personNamed } from "#app/(console)/[workspace]/organization/members/person-choices.ts";
import { page } from "#app/doors/workspace-page.tsx";
import { SeenList } from "#components/sharing/seen-list.tsx";
import { Button } from "#components/ui/button.tsx";
import { Combobox } from "#components/ui/combobox.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { agentsAs } from "#lib/domain/agents/sharing/queries.ts";

const viewAs = page({
  can: "workspace.write-members",
  title: "View agents as",
  description: "The agents of this workspace as one of its people sees them, and why. Nobody is told that you looked.",
  width: "table",
  load: async (ctx, { search }) => {
    const person = (await personNamed(ctx, search.member)) ?? (await personNamed(ctx, ctx.actor.id));
    const [choices, seen] = await Promise.all([
      personChoices(ctx, { chosen: person }),
      person ? agentsAs(ctx, person.id) : { agents: [] },
    ]);
    return { choices, person, agents: seen.agents };
  },
  head: () => ({ title: "View as" }),
  view: ({ choices, person, agents }, ctx) => (
    <>
      <form className="flex flex-wrap items-center gap-2">
        <div className="w-80 max-sm:w-full">
          <Combobox name="member" label="Person" key={person?.id} value={person?.id} {...choices} />
        </div>
        <Button type="submit">View</Button>
      </form>
      {person && agents.length === 0 ? (
        <EmptyState icon={Bot} title={`${person.name} sees no agents here`}>
          None is shared with them, or they cannot enter this workspace. The sharing page of an agent says why.
        </EmptyState>
      ) : null}
      {agents.length > 0 ? <SeenList agents={agents} base={`/${ctx.workspaceId}/agents`} /> : null}
    </>
  ),
});

export const { generateMetadata } = viewAs;
export default viewAs.default;
