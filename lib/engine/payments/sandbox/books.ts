import { randomBytes } from "node:crypto";
import { and, eq, sql } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import { sandboxObjects } from "#db/schema/sandbox.ts";
import { Fault } from "#lib/core/errors.ts";
import type { Chargeback } from "#lib/engine/payments/port.ts";
import type { Habit } from "./cards.ts";

export type SandboxMethod = {
  /** Null once it is detached. */
  customerRef: string | null;
  type: "card" | "sepa_debit";
  brand: string | null;
  last4: string;
  expMonth: number | null;
  expYear: number | null;
  habit: Habit;
};

export type SandboxPayment = {
  attemptId: string;
  customerRef: string;
  /** Cents; JSON has no bigint. */
  amount: string;
  state: "succeeded" | "processing" | "requires_action" | "failed" | "canceled";
  code: string | null;
  methodRef: string | null;
  pageRef: string | null;
  /** What the money does later; of the method, as it was then. */
  habit: Habit | null;
};

export type SandboxPage = {
  mode: "setup" | "payment";
  customerRef: string;
  paymentRef: string | null;
  methodRef: string | null;
  invoiceNumber: string | null;
  returnUrl: string;
  state: "open" | "complete" | "expired";
  expiresAt: string;
};

type Bodies = {
  customer: { name: string; email: string; country: string | null };
  method: SandboxMethod;
  payment: SandboxPayment;
  page: SandboxPage;
  refund: { refundId: string; paymentRef: string; amount: string; state: "succeeded" | "failed"; code: string | null };
  chargeback: { paymentRef: string; amount: string; state: Chargeback["state"] };
};
export type SandboxKind = keyof Bodies;
export type Kept<K extends SandboxKind> = { id: string; body: Bodies[K]; createdAt: Date };

const prefixes: Record<SandboxKind, string> = {
  customer: "sbcus",
  method: "sbpm",
  payment: "sbpay",
  page: "sbpage",
  refund: "sbre",
  chargeback: "sbdp",
};

const kept = <K extends SandboxKind>({ id, body, createdAt }: typeof sandboxObjects.$inferSelect): Kept<K> => ({
  id,
  body: body as Bodies[K],
  createdAt,
});

/** Makes an object, or finds the one that was made under this key: the database decides between two processes. */
export async function make<K extends SandboxKind>(
  db: Db,
  kind: K,
  { key, body, now }: { key: string | null; body: Bodies[K]; now: Date },
): Promise<Kept<K> & { isNew: boolean }> {
  // The reference of a page opens it, so it cannot be guessed.
  const id = `${prefixes[kind]}_${randomBytes(16).toString("hex")}`;
  const [made] = await db
    .insert(sandboxObjects)
    .values({ id, kind, body, key, createdAt: now })
    .onConflictDoNothing({ target: sandboxObjects.key })
    .returning();
  if (made) return { ...kept<K>(made), isNew: true };
  const known = await findByKey(db, kind, key ?? "");
  if (!known) throw new Fault(`The sandbox lost what it made under ${key}.`);
  return { ...known, isNew: false };
}

export async function find<K extends SandboxKind>(db: Db, kind: K, id: string): Promise<Kept<K> | null> {
  const [row] = await db.select().from(sandboxObjects).where(its(kind, id));
  return row ? kept<K>(row) : null;
}

/** The same, and no one else changes it before this transaction ends. */
export async function lock<K extends SandboxKind>(db: Db, kind: K, id: string): Promise<Kept<K> | null> {
  const [row] = await db.select().from(sandboxObjects).where(its(kind, id)).for("update");
  return row ? kept<K>(row) : null;
}

export async function findByKey<K extends SandboxKind>(db: Db, kind: K, key: string): Promise<Kept<K> | null> {
  const [row] = await db
    .select()
    .from(sandboxObjects)
    .where(and(eq(sandboxObjects.kind, kind), eq(sandboxObjects.key, key)));
  return row ? kept<K>(row) : null;
}

export async function change<K extends SandboxKind>(
  db: Db,
  kind: K,
  { id, body }: Kept<K>,
  changes: Partial<Bodies[K]>,
): Promise<Bodies[K]> {
  const changed = { ...body, ...changes };
  await db.update(sandboxObjects).set({ body: changed }).where(its(kind, id));
  return changed;
}

const its = (kind: SandboxKind, id: string) => and(eq(sandboxObjects.kind, kind), eq(sandboxObjects.id, id));

/** A member of the body as text, for conditions. */
export const member = (name: string) => sql<string | null>`${sandboxObjects.body} ->> ${name}`;

export const keys = {
  payment: (attemptId: string) => `payment-${attemptId}`,
  page: (id: string) => `page-${id}`,
  refund: (id: string) => `refund-${id}`,
  customer: (organizationId: string) => `customer-${organizationId}`,
  chargeback: (paymentRef: string) => `chargeback-${paymentRef}`,
};
