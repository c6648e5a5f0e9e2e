import { type AccountContext, inOrganization } from "#lib/core/context.ts";
import { disconnectService } from "#lib/domain/connections/commands.ts";
import { connectionsHere } from "#lib/domain/connections/directory/queries.ts";
import { connectionInput } from "#lib/domain/connections/input.ts";
import { type Command, idOf, type Options, type Outcome, parse, required } from "./command.ts";

async function list(ctx: AccountContext, { organization }: Options): Promise<Outcome> {
  const connections = await connectionsHere(inOrganization(ctx, idOf("organization", organization)));
  const lines = connections.map(
    ({ id, connector, name, state, isBlocked, lastError }) =>
      `${id}  ${connector}  ${isBlocked ? "blocked" : state}  ${name}${lastError ? `  (${lastError})` : ""}`,
  );
  return { result: { connections }, lines: lines.length > 0 ? lines : ["Nothing is connected."] };
}

async function disconnect(ctx: AccountContext, { organization, connection }: Options): Promise<Outcome> {
  const { id } = parse(connectionInput, { id: connection });
  await disconnectService(inOrganization(ctx, idOf("organization", organization)), { id });
  return { result: { id }, lines: [`${id} is disconnected, and its secret is destroyed`] };
}

export const integrationCommands: readonly Command[] = [
  {
    name: "integration list",
    about: "Lists the services a customer is connected to, with their states. Shows no secret.",
    options: { organization: required("ID") },
    run: list,
  },
  {
    name: "integration disconnect",
    about: "Disconnects a service for a customer, and destroys its secret.",
    options: { organization: required("ID"), connection: required("ID") },
    run: disconnect,
  },
];
