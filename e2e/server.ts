import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

/** The server under test. */
export const serverUrl = `http://localhost:${process.env.E2E_PORT ?? 3210}`;

const root = path.resolve(import.meta.dirname, "..");

/** Runs a command of the operator's against the server under test, as an operator would, and reads its JSON. */
export async function admin<T>(...words: string[]): Promise<T> {
  const { DATABASE_URL: _unset, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ["server/run.mjs", "admin", ...words, "--json"], {
    cwd: root,
    env: { ...env, DATA_DIR: process.env.E2E_DATA_DIR ?? ".data/e2e" },
  });
  return JSON.parse(stdout) as T;
}

export type Customer = { organizationId: string; workspaceId: string; userId: string; keyId: string; secret: string };

let made = 0;

/** An organization of its own for a test, with a key that may do this, or what keys may when nothing is said. */
export async function newCustomer(plan: "free" | "paid" = "paid", scopes: readonly string[] = []): Promise<Customer> {
  const name = `Customer ${process.pid}-${++made}`;
  const email = `customer-${process.pid}-${made}@example.com`;
  const place = await admin<Omit<Customer, "keyId" | "secret">>(
    "organization",
    "create",
    "--name",
    name,
    "--owner-email",
    email,
    "--plan",
    plan,
  );
  const { id, secret } = await admin<{ id: string; secret: string }>(
    "key",
    "create",
    "--workspace",
    place.workspaceId,
    "--name",
    "test",
    ...(scopes.length > 0 ? ["--scopes", scopes.join(",")] : []),
  );
  return { ...place, keyId: id, secret };
}
