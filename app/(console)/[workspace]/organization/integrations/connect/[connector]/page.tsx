import { begin, connect } from "#app/(console)/[workspace]/organization/integrations/actions.ts";
import { eventChoices } from "#app/(console)/[workspace]/organization/integrations/webhooks/events.ts";
import { page } from "#app/doors/workspace-page.tsx";
import { ConnectionForm } from "#components/integrations/connection-form.tsx";
import { ruleWords } from "#components/integrations/connection-states.ts";
import { Notice } from "#components/ui/notice.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { connectorOf } from "#lib/core/connectors.ts";
import { connectorPage } from "#lib/domain/connections/directory/queries.ts";
import { connectionClosed } from "#lib/domain/connections/rules.ts";

const places = [
  { value: "workspace", label: "This workspace" },
  { value: "organization", label: "All workspaces of the organization" },
] as const;

const connectPage = page({
  can: "integrations.write",
  title: "Connect a service",
  width: "form",
  load: (ctx, { params }) => connectorPage(ctx, params.connector ?? ""),
  name: ({ name }) => `Connect ${name}`,
  head: ({ id }) => ({ description: connectorOf(id).about }),
  view: ({ id, name, rule, isAcknowledged }, ctx) => {
    const { auth, fields, leaves, disclaimer } = connectorOf(id);
    const isAdmin = can(ctx.actor, "integrations.restrict");
    if (connectionClosed(rule, isAdmin))
      return <Notice title={`${name} cannot be connected here`}>{ruleWords[rule].help}</Notice>;
    const isSignedIn = auth === "oauth";
    return (
      <>
        <Notice title="What leaves">{leaves}</Notice>
        <ConnectionForm
          title={name}
          fields={fields}
          events={eventChoices}
          name={name}
          hidden={isSignedIn ? {} : { connector: id }}
          scopes={isAdmin ? places : places.slice(0, 1)}
          wording={isAcknowledged ? null : disclaimer}
          submit={isSignedIn ? `Sign in at ${name}` : `Connect ${name}`}
          act={isSignedIn ? begin : connect}
        />
      </>
    );
  },
});

export const { generateMetadata } = connectPage;
export default connectPage.default;
