import { type Id, newId } from "#db/id.ts";
import { zeroRetentionRequests, zeroRetentionStepRows } from "#db/schema/zero-retention.ts";
import { daysBefore, type World } from "./world.ts";

type Place = {
  organizationId: Id<"organization">;
  workspaceId: Id<"workspace">;
  userId: Id<"user">;
  staff: Id<"user">;
};

/** Requests for zero retention: one that was denied, one for single requests that is active, and one with a question. */
export async function seedZeroRetention(world: World, { workspaceId, staff, ...owner }: Place): Promise<void> {
  const sealed = (kind: "words" | "reason", id: string, text: string) =>
    world.seal(Buffer.from(text), `zero retention ${kind} ${owner.organizationId} ${id}`);
  const asked = (daysAgo: number, words: string, messages: object[] = []) => {
    const createdAt = daysBefore(world.now, daysAgo);
    const id = newId("zeroRetention", createdAt);
    const said = sealed("words", id, JSON.stringify({ words, messages }));
    const rest = { reason: "contract" as const, dataClasses: ["personal" as const], keepClasses: [] };
    return { ...owner, id, ...rest, attestedAt: createdAt, words: said, createdAt, claimedBy: staff };
  };
  const decided = (id: string, daysAgo: number, text: string) => ({
    decidedBy: staff,
    decidedAt: daysBefore(world.now, daysAgo),
    decidedReason: sealed("reason", id, text),
  });
  const denied = asked(40, "We would like nothing to be kept, because it feels better for the people who ask us.");
  const active = asked(21, "Letters of patients go through one of our services, which marks each request of its own.");
  const question = { from: "staff", name: "Noor Haddad", at: daysBefore(world.now, 1).toISOString() };
  const open = asked(2, "A customer in the public sector asks for it in the contract we sign this month.", [
    { ...question, text: "Which of the two workspaces will their requests come from?" },
  ]);
  const activeAt = daysBefore(world.now, 19);
  const facts = { requests: 58, found: [], control: "found" };
  await world.db.insert(zeroRetentionRequests).values([
    {
      ...denied,
      scope: "organization",
      state: "denied",
      ...decided(denied.id, 38, "Name the law or contract that asks for it."),
    },
    {
      ...active,
      scope: "on_request",
      state: "active",
      ...decided(active.id, 20, "Professional secrecy asks for it."),
      approver: staff,
      approversNeeded: 1,
      activeAt,
      verifiedAt: activeAt,
      evidence: facts,
    },
    { ...open, scope: "workspace", workspaceId, state: "asked", askedAt: daysBefore(world.now, 1) },
  ]);
  const { organizationId } = owner;
  const times = { startedAt: activeAt, endedAt: activeAt };
  await world.db
    .insert(zeroRetentionStepRows)
    .values({ organizationId, requestId: active.id, step: "verify", attempt: 1, ...times, outcome: "done", facts });
}
