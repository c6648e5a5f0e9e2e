import type { keptKinds } from "#db/schema/contract.ts";
import type { ClauseId } from "#lib/core/clauses/register.ts";
import { addDays, addMonths } from "#lib/core/clock.ts";
import { drainMs, isWithdrawable, type TerminationKind } from "#lib/domain/agreements/rules.ts";
import { lastBundleAt } from "#lib/domain/bundles/rules.ts";
import type { ClockName } from "#lib/domain/deadlines/rules.ts";
import type { RetentionClassName } from "#lib/domain/retention/classes/rules.ts";
import type { EndFacts, Step } from "./view.ts";

export type KeptKind = (typeof keptKinds)[number];

/** Whose clock runs until they are deleted. */
export const keptClocks = {
  agents: "retention.agent",
  conversations: "retention.conversation",
  files: "retention.file",
  "tuned-models": "retention.tuned-model",
} as const satisfies Record<KeptKind, ClockName>;

/** What names one thing kept after one agreement. */
export const keptSubject = (agreementNumber: number, kind: KeptKind) =>
  ({ kind: "retention", id: `${agreementNumber}:${kind}` }) as const;

/** What belongs to each kind that is kept for a customer who may come back. */
export const keptClasses: Record<KeptKind, readonly RetentionClassName[]> = {
  agents: ["agents"],
  conversations: ["conversations"],
  files: ["files", "batches", "fine-tuning"],
  "tuned-models": ["tuned-models"],
};

export const keptWords: Record<KeptKind, string> = {
  agents: "Agents",
  conversations: "Conversations",
  files: "Files, batches and fine-tuning jobs",
  "tuned-models": "Tuned models",
};

export const keptClauses: Record<KeptKind, ClauseId> = {
  agents: "T-4.3-DEL2",
  conversations: "T-4.3-DEL2",
  files: "T-6-EFF",
  "tuned-models": "T-4.2.3-DEL2",
};

type Periods = Pick<EndFacts, "daysKept" | "monthsTuned">;

/** Until when each kind is kept after the end: it can be restored before that instant, and is deleted from it on. */
export const keptUntil = (kind: KeptKind, endedAt: Date, { daysKept, monthsTuned }: Periods): Date =>
  kind === "tuned-models" ? addMonths(endedAt, monthsTuned) : addDays(endedAt, daysKept);

type End = { kind: TerminationKind; endsAt: Date };

/**
 * What an end brings, in order, each with its instant and how many it concerns. Shown before the click, it is what happens
 * afterwards: the page, the letter and the ticks ask the same.
 */
export function timeline(facts: EndFacts, { kind, endsAt }: End): Step[] {
  const { counts } = facts;
  const drained = new Date(endsAt.getTime() + drainMs);
  const steps: (Step | false)[] = [
    isWithdrawable(kind) && {
      at: new Date(endsAt.getTime() - 1),
      what: "The last moment to withdraw the notice",
      clause: "T-6-CONV",
      count: null,
    },
    { at: endsAt, what: "Requests are refused with organization_terminated", clause: "T-6-EFF", count: null },
    { at: endsAt, what: "API keys end, for good", clause: "T-4.2.1-KEY3", count: counts.keys },
    { at: endsAt, what: "Admin keys end", clause: "T-4.2.1-KEY3", count: counts.adminKeys },
    { at: endsAt, what: "Fine-tuning jobs and batches under way are cancelled", clause: "T-6-EFF", count: counts.jobs },
    { at: endsAt, what: "Invitations end, and no one joins by domain", clause: "T-6-EFF", count: counts.invitations },
    { at: endsAt, what: "Webhooks are told, and then switched off", clause: "T-6-EFF", count: counts.webhooks },
    {
      at: endsAt,
      what: "Connected services are disconnected, and their keys destroyed",
      clause: "T-6-EFF",
      count: counts.connections,
    },
    {
      at: drained,
      what: "Streams that are still under way are cut, and billed what was sent",
      clause: "T-6-EFF",
      count: null,
    },
    {
      at: drained,
      what: facts.isBilled ? "The last invoice, of what was used until the end" : "Nothing is owed on the free plan",
      clause: "T-6-EFF",
      count: null,
    },
    {
      at: addDays(endsAt, facts.daysContent),
      what: "The last prompts and answers are deleted, each as it comes of age",
      clause: "T-4.2.2.2-D1",
      count: null,
    },
    {
      at: lastBundleAt(endsAt),
      what: "The last archive of your data can be asked for until then",
      clause: "T-6-EFF",
      count: null,
    },
    ...(Object.keys(keptWords) as KeptKind[]).map((kept) => ({
      at: keptUntil(kept, endsAt, facts),
      what: `${keptWords[kept]} are deleted; until then they come back if you do`,
      clause: keptClauses[kept],
      count: counts[kept],
    })),
  ];
  return steps.filter((step) => step !== false).toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

/** What stays, and is never part of what is deleted. */
export const staysWords =
  "Documents, invoices, letters, the audit log, receipts and tickets stay for you to read. Sign in as before.";
