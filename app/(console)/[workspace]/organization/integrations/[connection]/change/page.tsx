import { begin, change } from "#app/(console)/[workspace]/organization/integrations/actions.ts";
import { eventChoices } from "#app/(console)/[workspace]/organization/integrations/webhooks/events.ts";
import { page } from "#app/doors/workspace-page.tsx";
import { ConnectionForm } from "#components/integrations/connection-form.tsx";
import { connectorOf } from "#lib/core/connectors.ts";
import { connectionOf, nameOf } from "#lib/domain/connections/directory/queries.ts";
import { isAcknowledged } from "#lib/domain/connections/queries.ts";

const changePage = page({
  can: "integrations.write",
  title: "Change or reconnect",
  width: "form",
  load: async (ctx, { params }) => {
    const connection = await connectionOf(ctx, params.connection ?? "");
    return { connection, isRead: await isAcknowledged(ctx, connection.connector) };
  },
  name: ({ connection }) => `Change ${connection.name}`,
  head: ({ connection }) => ({ description: `Your connection to ${nameOf(connection.connector)}.` }),
  view: ({ connection: { id, connector, name, settings, last4, workspaceId }, isRead }) => {
    const { auth, fields, disclaimer } = connectorOf(connector);
    const isSignedIn = auth === "oauth";
    return (
      <ConnectionForm
        title={nameOf(connector)}
        fields={fields}
        events={eventChoices}
        values={settings}
        name={name}
        kept={last4}
        hidden={isSignedIn ? { id, scope: workspaceId ? "workspace" : "organization" } : { id, connector }}
        wording={isRead ? null : disclaimer}
        submit={isSignedIn ? "Sign in again" : "Test and save"}
        act={isSignedIn ? begin : change}
      />
    );
  },
});

export const { generateMetadata } = changePage;
export default changePage.default;
