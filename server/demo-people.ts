import { sql } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import { type Id, newId } from "#db/id.ts";
import { permissionsOf, rolePermissions } from "#lib/core/access/roles.ts";
import { type StaffRole, staffPermissions } from "#lib/core/access/staff-roles.ts";
import { type AccountContext, actingAs } from "#lib/core/context.ts";
import { systemContext } from "./system-context.ts";

async function personOf(tx: Db, id: Id<"user">, at: Date) {
  const [person] = await tx.execute<{ name: string; email: string }>(
    sql`select name, email from users where id = ${id}`,
  );
  if (!person) throw new Error("A person of the demo is missing.");
  return { id, ...person, sessionId: newId("session", at) };
}

const browser = { address: "198.51.100.7", agent: "Seeded browser" };

/** A customer's person at a moment of the demo's past, with these roles. */
export async function memberAt(tx: Db, id: Id<"user">, at: Date, roles: readonly string[]): Promise<AccountContext> {
  const actor = { ...(await personOf(tx, id, at)), kind: "user" as const };
  const permissions = permissionsOf(rolePermissions, roles);
  return { ...actingAs(systemContext("demo", { on: tx, at }), { ...actor, permissions }), origin: browser };
}

/** One of the staff, likewise. */
export async function staffAt(tx: Db, id: Id<"user">, at: Date, roles: readonly StaffRole[]): Promise<AccountContext> {
  const actor = { ...(await personOf(tx, id, at)), kind: "staff" as const };
  const permissions = permissionsOf(staffPermissions, roles);
  return { ...actingAs(systemContext("demo", { on: tx, at }), { ...actor, permissions }), origin: browser };
}
