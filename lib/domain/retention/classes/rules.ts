import type { ClauseId } from "#lib/core/clauses/register.ts";

/** What is in a column: what was asked, answered or put before a model; what tells of a person; names of things; the rest. */
export const columnKinds = ["content", "personal", "identifier", "secret", "metadata"] as const;
export type ColumnKind = (typeof columnKinds)[number];

type RetentionClass = {
  /** What its items are called, in the plural. */
  noun: string;
  /** One of them, where that can be. */
  one?: string;
  sentence: string;
  /** For how long, in words that follow "Kept". */
  kept: string;
  clause?: ClauseId;
  /** What becomes of it under zero retention (T-4.2.2.2-ZDR3): it goes, or it has no content and stays. */
  underZeroRetention: "purged" | "kept";
  /** Whether customers find it in their ledger; the rest is of the house. */
  isCustomers: boolean;
  /** Where a customer deletes it: a page of the workspace or the organization. */
  deleteAt?: string;
};

/** Everything that is kept belongs to one of these; the ledger shows them in this order. */
export const retentionClasses = {
  "content-log": {
    noun: "prompts and answers",
    sentence: "What was asked and answered, sealed, for monitoring abuse.",
    kept: "for 30 days of 24 hours",
    clause: "T-4.2.2.2-D1",
    underZeroRetention: "purged",
    isCustomers: true,
  },
  conversations: {
    noun: "conversations",
    one: "conversation",
    sentence: "Chats and conversations with what was said in them, and stored responses.",
    kept: "until their owner deletes them",
    underZeroRetention: "purged",
    isCustomers: true,
    deleteAt: "chat",
  },
  agents: {
    noun: "agents",
    one: "agent",
    sentence: "Agents with their versions, instructions, examples and tools.",
    kept: "until they are deleted, or 30 days after the contract ends",
    clause: "T-4.3-DEL2",
    underZeroRetention: "purged",
    isCustomers: true,
    deleteAt: "agents",
  },
  files: {
    noun: "training files and datasets",
    one: "training file or dataset",
    sentence: "Files you uploaded, sealed, to tune models with them or to ask in batches.",
    kept: "until they are deleted or expire, or 30 days after the contract ends",
    clause: "T-4.2.3-DATA",
    underZeroRetention: "purged",
    isCustomers: true,
  },
  batches: {
    noun: "batches",
    one: "batch",
    sentence: "Which files were asked, how far it is and what it cost; answers until they are in a file of yours.",
    kept: "until you delete them, or 30 days after the contract ends",
    underZeroRetention: "purged",
    isCustomers: true,
    deleteAt: "batch",
  },
  "fine-tuning": {
    noun: "fine-tuning jobs",
    one: "fine-tuning job",
    sentence: "What was trained on which files, what was measured, and checkpoints.",
    kept: "until you delete them, or 30 days after the contract ends",
    clause: "T-4.2.3-1",
    underZeroRetention: "purged",
    isCustomers: true,
    deleteAt: "fine-tuning",
  },
  "tuned-models": {
    noun: "tuned models",
    one: "tuned model",
    sentence: "Models that were trained on your files: yours alone, sealed.",
    kept: "until they are deleted, or 30 days after the contract ends",
    clause: "T-4.2.3-DEL1",
    underZeroRetention: "purged",
    isCustomers: true,
    deleteAt: "models",
  },
  "deleted-agents": {
    noun: "receipts of deleted agents",
    one: "receipt of a deleted agent",
    sentence: "That an agent was deleted, by whom, and how it was called.",
    kept: "as long as the workspace is there",
    clause: "T-4.3-DEL1",
    underZeroRetention: "purged",
    isCustomers: true,
  },
  monitoring: {
    noun: "signs of abuse",
    one: "sign of abuse",
    sentence: "That a rule, a model or a figure pointed at a request, as ids and numbers. Never what was said.",
    kept: "for 30 days; sums by month with your organization",
    clause: "T-4.2.2-ABUSE",
    underZeroRetention: "purged",
    isCustomers: true,
  },
  "request-log": {
    noun: "requests",
    one: "request",
    sentence: "When and with which key a model was asked, how much it was and what it cost. Not what was said.",
    kept: "as evidence of what is billed, until 10 years after the organization is deleted",
    underZeroRetention: "kept",
    isCustomers: true,
  },
  "requests-to-us": {
    noun: "requests to us",
    sentence: "What you asked of our staff: higher limits, disputes, reports.",
    kept: "with your organization",
    underZeroRetention: "kept",
    isCustomers: true,
  },
  tickets: {
    noun: "tickets",
    one: "ticket",
    sentence: "What you and our staff wrote to each other in Help, sealed, with the files of it.",
    kept: "for a year after a ticket is closed, its files for 90 days",
    underZeroRetention: "kept",
    isCustomers: true,
    deleteAt: "help",
  },
  webhooks: {
    noun: "webhook events",
    one: "webhook event",
    sentence: "What was sent to your servers: ids and states, and the beginning of what they answered.",
    kept: "for 90 days",
    underZeroRetention: "kept",
    isCustomers: true,
    deleteAt: "organization/integrations",
  },
  settings: {
    noun: "keys, members and settings",
    sentence: "Who works in your organization, and how it is set up. Of keys, only what recognizes them.",
    kept: "with your organization",
    underZeroRetention: "kept",
    isCustomers: true,
  },
  billing: {
    noun: "billing records",
    sentence: "Invoices, payments, orders and the sums they come from.",
    kept: "for 10 years, as tax law asks",
    underZeroRetention: "kept",
    isCustomers: true,
  },
  audit: {
    noun: "audit rows",
    one: "audit row",
    sentence:
      "Who did what, and what our staff looked at. It cannot be changed, so it names things and never quotes content.",
    kept: "with your organization, and as evidence after it",
    underZeroRetention: "kept",
    isCustomers: true,
  },
  evidence: {
    noun: "letters and acceptances",
    sentence: "What we sent you and which terms were accepted.",
    kept: "as evidence",
    underZeroRetention: "kept",
    isCustomers: true,
  },
  "legal-holds": {
    noun: "legal holds",
    one: "legal hold",
    sentence: "What the law has us keep, and copies of it. Those you may know of are listed under Privacy.",
    kept: "for as long as the law says",
    underZeroRetention: "kept",
    isCustomers: false,
  },
  accounts: {
    noun: "accounts of people",
    sentence: "Their sign-in. It belongs to the person, who deletes it under Account.",
    kept: "until the person deletes it",
    underZeroRetention: "kept",
    isCustomers: false,
  },
  provider: {
    noun: "records of the provider",
    sentence: "Models, prices and documents that are the same for everyone.",
    kept: "by the provider",
    underZeroRetention: "kept",
    isCustomers: false,
  },
} as const satisfies Record<string, RetentionClass>;

export type RetentionClassName = keyof typeof retentionClasses;
export const classOf = (name: RetentionClassName): RetentionClass => retentionClasses[name];

/** As a label of its own: "Prompts and answers". */
export function titleOf(name: RetentionClassName): string {
  const { noun } = classOf(name);
  return noun.charAt(0).toUpperCase() + noun.slice(1);
}

/** "1 agent", "12 conversations". */
export function itemWords(name: RetentionClassName, items: number): string {
  const { noun, one = noun } = classOf(name);
  return `${items.toLocaleString("en-GB")} ${items === 1 ? one : noun}`;
}

export const purgedClasses = (Object.keys(retentionClasses) as RetentionClassName[]).filter(
  (name) => classOf(name).underZeroRetention === "purged",
);

/** A table's class, and its columns by kind, in one text each. `organization_id` is an identifier wherever it is. */
type TableColumns = { class: RetentionClassName } & { [K in ColumnKind]?: string };
export type Tables = Readonly<Record<string, TableColumns>>;
