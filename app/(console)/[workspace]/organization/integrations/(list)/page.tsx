import { page } from "#app/doors/workspace-page.tsx";
import { ConnectorCard } from "#components/integrations/connector-card.tsx";
import { Card } from "#components/ui/card.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { counted } from "#lib/core/clauses/evidence.ts";
import { connectorDirectory } from "#lib/domain/connections/directory/queries.ts";
import { webhooks } from "#lib/domain/integrations/queries.ts";

const integrationsPage = page({
  can: "integrations.read",
  title: "Integrations",
  description: "Services of others that your organization is connected to, and what leaves for each.",
  load: async (ctx, { search }) => ({
    refused: search.refused !== undefined,
    cards: await connectorDirectory(ctx),
    hooks: can(ctx.actor, "webhooks.read") ? await webhooks(ctx) : null,
  }),
  view: ({ cards, hooks, refused }, ctx) => {
    const base = `/${ctx.workspaceId}/organization/integrations`;
    return (
      <>
        {refused ? (
          <Notice tone="bad" title="The service was not connected">
            The sign-in there was refused, took too long, or gave nothing that lasts. Nothing was kept; connect it
            again.
          </Notice>
        ) : null}
        {cards.map((card) => (
          <ConnectorCard
            key={card.id}
            card={card}
            base={base}
            now={ctx.now}
            mayConnect={can(ctx.actor, "integrations.write")}
            mayRestrict={can(ctx.actor, "integrations.restrict")}
          />
        ))}
        {hooks ? <Webhooks base={base} count={hooks.length} /> : null}
      </>
    );
  },
});

export const { generateMetadata } = integrationsPage;
export default integrationsPage.default;

/** Receivers of the customer's own, beside the services of others. */
const Webhooks = ({ base, count }: { base: string; count: number }) => (
  <Card
    title="Webhooks"
    description="Signed messages to servers of your own."
    hint={count === 0 ? "None yet." : `${counted(count, "webhook")}.`}
    footer={
      <LinkButton size="small" href={`${base}/webhooks`}>
        Webhooks
      </LinkButton>
    }
  >
    <p className="text-ui text-text-soft">
      <span className="font-medium text-text">What leaves:</span> The JSON of each event you choose, to an address that
      you run.
    </p>
  </Card>
);
