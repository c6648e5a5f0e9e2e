import { AddDomain } from "#components/domains/add-domain.tsx";
import { DomainEntry } from "#components/domains/domain-entry.tsx";
import { Card } from "#components/ui/card.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { listDomains } from "#lib/domain/domains/queries.ts";
import { add, check, remove, saveJoining } from "./domains/actions.ts";

/** The domains of the organization, and who may join because of an address there. */
export async function DomainsCard({ ctx }: { ctx: Context }) {
  const domains = await listDomains(ctx);
  const mayChange = can(ctx.actor, "organization.write");
  const { OIDC_ISSUER: issuer, OIDC_NAME: provider } = env();
  return (
    <Card
      id="domains"
      title="Domains"
      description="Prove that a domain is yours, and people with a confirmed address there can join without an invitation."
    >
      <div className="flex flex-col gap-4">
        {domains.length === 0 ? <p className="text-ui text-text-faint">No domain yet.</p> : null}
        {domains.map((domain) => (
          <DomainEntry
            key={domain.id}
            domain={domain}
            mayChange={mayChange}
            provider={issuer ? provider : null}
            check={check}
            saveJoining={saveJoining}
            remove={remove}
          />
        ))}
        {mayChange ? <AddDomain add={add} /> : null}
      </div>
    </Card>
  );
}
