import type { Db } from "#db/client.ts";
import type { Sealed } from "#db/columns.ts";
import type { Id } from "#db/id.ts";
import type { AgentContent } from "#db/schema/agents.ts";

/** Something that happened at a moment. What is numbered or chained by the database has to happen in the order of time. */
export type Step = { at: Date; run: () => Promise<void> };

export async function inOrderOfTime(steps: readonly Step[]): Promise<void> {
  for (const { run } of steps.toSorted((a, b) => a.at.getTime() - b.at.getTime())) await run();
}

/** Whose bills a demo has: one customer who pays, one who does not, and the person of the staff who decides. */
export type Billed = Record<"paying" | "late", { organizationId: Id<"organization">; founder: Id<"user"> }> & {
  staff: Id<"user">;
};

/** Whose tickets a demo has, and who of the staff answers them. */
export type Helped = {
  organizationId: Id<"organization">;
  workspaceId: Id<"workspace">;
  owner: Id<"user">;
  dev: Id<"user">;
  member: Id<"user">;
  staff: Id<"user">;
};

/** What a scenario needs from above: the ground floor imports nothing of ours. */
export type World = {
  db: Db;
  now: Date;
  /** The hash of `demoPassword`, made once because making it is slow on purpose. */
  passwordHash: string;
  hashSecret: (secret: string) => string;
  newSecret: () => string;
  /** Closes a secret that is needed again; the label has to be the same to open it. */
  seal: (plain: Buffer, label: string) => Buffer;
  /** Closes what an agent says, under a key of its own. */
  sealAgent: (id: Id<"agent">) => Promise<{
    wrapped: Buffer;
    draft: (content: AgentContent) => Sealed;
    version: (version: number, content: AgentContent) => Sealed;
  }>;
  /** What happened to the bills of a demo, by the commands that do it for real. */
  bills: (billed: Billed) => Step[];
  /** The same of its tickets. */
  tickets: (helped: Helped) => Step[];
  /** The same of signs that it breaks the terms. */
  abuse: (helped: Helped) => Step[];
  /** The same of models that it had trained. */
  tuning: (helped: Helped) => Step[];
};

/** Everyone's password in a seeded world; it exists nowhere else. */
export const demoPassword = "counter-and-ledger";

const dayMs = 86_400_000;
export const daysBefore = (at: Date, days: number): Date => new Date(at.getTime() - days * dayMs);

/** Numbers that look random and are the same in every world (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
