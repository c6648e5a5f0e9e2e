import { asId, page } from "#app/doors/workspace-page.tsx";
import { outcomeTones } from "#components/requests/outcome-tones.ts";
import { RequestContent } from "#components/requests/request-content.tsx";
import { RequestCost } from "#components/requests/request-cost.tsx";
import { RequestFacts } from "#components/requests/request-facts.tsx";
import { RequestLimits } from "#components/requests/request-limits.tsx";
import { RequestTiming } from "#components/requests/request-timing.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { isId } from "#db/id.ts";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { agentsOf } from "#lib/domain/agents/queries.ts";
import { keyChoices } from "#lib/domain/keys/queries.ts";
import { request as requestOf } from "#lib/domain/request-log/queries.ts";
import { outcomeWords, type RequestDetail } from "#lib/domain/request-log/view.ts";

const requestPage = page({
  can: "requests.read",
  title: "Request",
  load: async (ctx, { params }) => {
    const request = await requestOf(ctx, asId("request", params.request));
    const [key, agent] = await Promise.all([keyHref(ctx, request.keyId), agentOfRequest(ctx, request)]);
    return { request, key, agent };
  },
  name: ({ request }) => request.id,
  head: ({ request: { outcome, status } }) => ({
    title: "Request",
    badge: (
      <Badge tone={outcomeTones[outcome]}>
        {outcomeWords[outcome]} · {status}
      </Badge>
    ),
    description: "Figures only: the content of requests is sealed and not shown in the console.",
  }),
  view: ({ request, key, agent }, ctx) => (
    <>
      <Card>
        <RequestFacts request={request} keyHref={key} agent={agent} />
      </Card>
      <Card title="Time">
        <RequestTiming request={request} />
      </Card>
      <Card
        title="Limits"
        description="As they stood when the request was let in or turned away."
        aside={
          can(ctx.actor, "limits.read") ? (
            <TextLink href={`/${ctx.workspaceId}/limits`}>Limits now</TextLink>
          ) : undefined
        }
      >
        <RequestLimits request={request} />
      </Card>
      <section aria-labelledby="cost" className="flex flex-col gap-3">
        <h2 id="cost" className="text-body font-semibold">
          Cost
        </h2>
        <RequestCost request={request} />
      </section>
      <Card title="Prompt and answer">
        <RequestContent request={request} now={ctx.now} />
      </Card>
    </>
  ),
});

export const { generateMetadata } = requestPage;
export default requestPage.default;

/** The agent that answered; of one that is not shared with the reader nothing is said (T-4.3-SHARE3). */
async function agentOfRequest(ctx: Context, { agentId, agentVersion: version }: RequestDetail) {
  if (!agentId || !can(ctx.actor, "agents.read")) return undefined;
  const [agent] = await agentsOf(ctx, { id: agentId });
  return agent && { href: `/${ctx.workspaceId}/agents/${agent.id}`, handle: agent.handle, version };
}

async function keyHref(ctx: Context, id: string): Promise<string | undefined> {
  if (!isId("key", id) || !can(ctx.actor, "keys.read")) return undefined;
  const [key] = await keyChoices(ctx, { id });
  return key && `/${ctx.workspaceId}/keys/${key.id}`;
}
