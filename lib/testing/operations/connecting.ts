import {
  attemptsHere,
  connectionOf,
  connectionsHere,
  connectorDirectory,
  connectorPage,
  rulesPage,
} from "#lib/domain/connections/directory/queries.ts";
import { serviceFacts } from "#lib/domain/connections/evidence/queries.ts";
import { isAcknowledged, ruleFor } from "#lib/domain/connections/queries.ts";
import type { Operation } from "./operations.ts";

const reading = (run: Operation["run"]): Operation => ({ can: "integrations.read", run });

/** Of services that are connected. Who is no admin sees those of their own workspace alone. */
export const connecting: Record<string, Operation> = {
  connectionsHere: reading(connectionsHere),
  connectorDirectory: reading(connectorDirectory),
  connectorPage: reading((ctx) => connectorPage(ctx, "slack")),
  rulesPage: { can: "integrations.restrict", run: (ctx) => rulesPage(ctx, "slack") },
  connectionOf: {
    can: "integrations.read",
    within: "organization",
    isChoosy: true,
    run: (ctx, { connection }) => connectionOf(ctx, connection),
  },
  attemptsHere: {
    can: "integrations.read",
    within: "organization",
    isQuiet: true,
    run: (ctx, { connection }) => attemptsHere(ctx, connection),
  },
  ruleFor: reading((ctx, { workspaceId }) => ruleFor(ctx, "slack", workspaceId)),
  isAcknowledged: reading((ctx) => isAcknowledged(ctx, "slack")),
  serviceFacts: { can: "contract.read", run: serviceFacts },
};
