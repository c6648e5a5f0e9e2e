import { type Db, db } from "#db/client.ts";
import { permissionsOf } from "#lib/core/access/roles.ts";
import { systemPermissions } from "#lib/core/access/system-permissions.ts";
import { now } from "#lib/core/clock.ts";
import { type AccountContext, acrossTenants } from "#lib/core/context.ts";

/** The operator's way in: starting up, and commands at the terminal. Audited as `system`. */
export function systemContext(name: string, { on = db(), at = now() }: { on?: Db; at?: Date } = {}): AccountContext {
  return acrossTenants({
    db: on,
    now: at,
    actor: {
      kind: "system",
      id: "system",
      name,
      permissions: permissionsOf({ system: systemPermissions }, ["system"]),
    },
    origin: { address: "terminal", agent: name },
  });
}
