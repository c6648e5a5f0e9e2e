import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";

const payload = z.object({ organizationId: idField("organization"), connectionId: idField("connection") });

/** Exchanges the token of one connection. */
export const refreshing = { name: "integrations.refresh-token", payload, lane: "webhooks" as const };
/** Asks a service to forget the token of one. */
export const revoking = { name: "integrations.revoke-token", payload, lane: "webhooks" as const, attempts: 4 };
