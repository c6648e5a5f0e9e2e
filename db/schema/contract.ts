import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { id, instant } from "#db/columns.ts";
import { organizations } from "./organizations.ts";

/**
 * The agreements of a customer, numbered from 1. The first begins with the first use or the acceptance, whichever came
 * first (T-1-EFF), by trigger; a customer who comes back begins another. A running one has no `ended_at` (T-PRE-2).
 */
export const agreements = pgTable(
  "agreements",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    number: integer("number").notNull(),
    startsAt: instant("starts_at").notNull(),
    /** When it will end, once that is known; null: no end is known. */
    endsAt: instant("ends_at"),
    endedAt: instant("ended_at"),
    /** Why it ended, as its termination says. */
    cause: text("cause"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.number] }),
    uniqueIndex("agreements_running_key").on(table.organizationId).where(sql`${table.endedAt} is null`),
    check("agreements_period", sql`${table.endedAt} >= ${table.startsAt}`),
  ],
);

export const deadlineOwners = ["customer", "support", "billing", "models", "legal", "trust", "system"] as const;

/**
 * Every date that the contract or the law sets on either side. A row is opened and met by the command that starts and ends
 * its clock, in that command's transaction; a sweep escalates it and carries out what is due.
 */
export const deadlines = pgTable(
  "deadlines",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    id: id("deadline").notNull(),
    clock: text("clock").notNull(),
    clause: text("clause").notNull(),
    subjectKind: text("subject_kind").notNull(),
    subjectId: text("subject_id").notNull(),
    owner: text("owner", { enum: deadlineOwners }).notNull(),
    openedAt: instant("opened_at").notNull(),
    dueAt: instant("due_at").notNull(),
    /** When the sweep looks at it next; null: never again. */
    nextAt: instant("next_at"),
    /** How often it was escalated or reminded of. */
    step: integer("step").notNull().default(0),
    metAt: instant("met_at"),
    metBy: text("met_by"),
    cancelledAt: instant("cancelled_at"),
    /** Since when it is overdue, as the sweep found; it stays where it is met late. */
    brokenAt: instant("broken_at"),
    /** Who of the staff still has to be told of the last step: those of the role, or the administrators as well. */
    untold: text("untold", { enum: ["role", "everyone"] }),
    /** How often its date or its end has changed, for calendars that have it already, and when it last did. */
    sequence: integer("sequence").notNull().default(0),
    changedAt: instant("changed_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index("deadlines_untold").on(table.id).where(sql`${table.untold} is not null`),
    uniqueIndex("deadlines_open_key")
      .on(table.organizationId, table.clock, table.subjectId)
      .where(sql`${table.metAt} is null and ${table.cancelledAt} is null`),
    index("deadlines_next").on(table.nextAt).where(sql`${table.nextAt} is not null`),
    index("deadlines_due")
      .on(table.organizationId, table.dueAt)
      .where(sql`${table.metAt} is null and ${table.cancelledAt} is null`),
    check("deadlines_one_end", sql`${table.metAt} is null or ${table.cancelledAt} is null`),
  ],
);

export const noticeAbouts = ["terms", "model", "alias", "maintenance", "subprocessor", "change"] as const;

/**
 * A legal notice to one customer, and when it counts as given: the instant at which the mail server took the letter to the
 * registration contact (T-4.2.1-DISC3). What is announced takes effect for a customer only by its own notice.
 */
export const legalNotices = pgTable(
  "legal_notices",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    id: id("legalNotice").notNull(),
    about: text("about", { enum: noticeAbouts }).notNull(),
    /** What is announced: a publication, a change of a model, a window of maintenance. */
    aboutId: text("about_id").notNull(),
    clause: text("clause").notNull(),
    /** For everybody, at the earliest. */
    plannedAt: instant("planned_at").notNull(),
    postedAt: instant("posted_at").notNull(),
    /** The letters of it, that to the registration contact first. */
    letterIds: text("letter_ids").array().notNull(),
    noticedAt: instant("noticed_at"),
    /** When it takes effect for this customer; null until the notice is given. */
    effectiveAt: instant("effective_at"),
    /** When what follows from that was done: others are told, its deadlines end. The date holds without it. */
    appliedAt: instant("applied_at"),
    /** How it was given where no letter arrived, and when, as staff wrote it down. */
    servedWords: text("served_words"),
    servedAt: instant("served_at"),
    /** Who wrote that down, and who confirmed it, without which it does not count. */
    serveProposedBy: text("serve_proposed_by"),
    servedBy: text("served_by"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("legal_notices_once").on(table.organizationId, table.about, table.aboutId),
    index("legal_notices_about").on(table.about, table.aboutId),
    index("legal_notices_waiting").on(table.postedAt).where(sql`${table.noticedAt} is null`),
    index("legal_notices_unapplied").on(table.effectiveAt).where(sql`${table.appliedAt} is null`),
    // In hours, because a session's days and months move with its time zone.
    check(
      "legal_notices_terms_days",
      sql`${table.about} not in ('terms', 'subprocessor') or ${table.effectiveAt} >= ${table.noticedAt} + interval '720 hours'`,
    ),
    check("legal_notices_effect", sql`(${table.noticedAt} is null) = (${table.effectiveAt} is null)`),
    check("legal_notices_planned", sql`${table.effectiveAt} >= ${table.plannedAt}`),
  ],
);

/**
 * An announcement to everyone who had an agreement at its instant: its notices are written from it, over and over until
 * none is missing, and it is over once every letter was taken or refused.
 */
export const noticeRuns = pgTable(
  "notice_runs",
  {
    about: text("about", { enum: noticeAbouts }).notNull(),
    aboutId: text("about_id").notNull(),
    clause: text("clause").notNull(),
    /** To businesses alone goes what is not agreed with consumers. */
    audience: text("audience", { enum: ["everyone", "business"] })
      .notNull()
      .default("everyone"),
    plannedAt: instant("planned_at").notNull(),
    announcedAt: instant("announced_at").notNull(),
    /** When each of them had its letters in the outbox. */
    endedAt: instant("ended_at"),
    /** The latest instant of those whose notice was given when no letter was under way any more; later ones move their own. */
    effectiveAt: instant("effective_at"),
  },
  (table) => [
    primaryKey({ columns: [table.about, table.aboutId] }),
    index("notice_runs_open").on(table.announcedAt).where(sql`${table.effectiveAt} is null`),
    check("notice_runs_planned", sql`${table.effectiveAt} >= ${table.plannedAt}`),
  ],
);

export const terminationKinds = [
  "convenience",
  "disagreement",
  "withdrawal",
  "order_end",
  "cause_provider",
  "cause_customer",
] as const;

/** Notices that end an agreement (T-6-CONV, T-6-OTHER, T-7-EXIT), and what was done at its end (T-6-EFF), step by step. */
export const terminations = pgTable(
  "terminations",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("termination").notNull(),
    agreementNumber: integer("agreement_number").notNull(),
    kind: text("kind", { enum: terminationKinds }).notNull(),
    clause: text("clause").notNull(),
    noticedAt: instant("noticed_at").notNull(),
    /** The agreement holds until just before it. */
    endsAt: instant("ends_at").notNull(),
    /** Why, in the words of the one who ends it; null: no reason was asked. */
    words: text("words"),
    /** The version of the terms that was disagreed with. */
    publicationId: text("publication_id"),
    by: text("by").notNull(),
    /** Of a cause: the second person, without whom it does not hold. */
    secondBy: text("second_by"),
    /** When the customer said that copies of the API keys are deleted (T-4.2.1-KEY3). */
    attestedKeysAt: instant("attested_keys_at"),
    withdrawnAt: instant("withdrawn_at"),
    /** When the end was carried out, when the last request had ended, and when the last invoice was settled upon. */
    appliedAt: instant("applied_at"),
    drainedAt: instant("drained_at"),
    finalizedAt: instant("finalized_at"),
    /** How many of each ended or were kept. */
    counts: jsonb("counts").$type<Record<string, number>>(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    foreignKey({
      columns: [table.organizationId, table.agreementNumber],
      foreignColumns: [agreements.organizationId, agreements.number],
    }).onDelete("cascade"),
    uniqueIndex("terminations_open_key")
      .on(table.organizationId, table.agreementNumber)
      .where(sql`${table.withdrawnAt} is null`),
    index("terminations_due")
      .on(table.endsAt)
      .where(sql`${table.withdrawnAt} is null and ${table.finalizedAt} is null`),
    check("terminations_period", sql`${table.endsAt} >= ${table.noticedAt}`),
    check("terminations_withdrawn", sql`${table.withdrawnAt} is null or ${table.appliedAt} is null`),
  ],
);

export const decisionKinds = ["end", "return"] as const;
export const causeSides = ["provider", "customer"] as const;

/**
 * What staff propose about an agreement and a second person confirms: to end it for cause on a side's account, or to let a
 * customer whose agreement ended for cause begin a new one (T-6-OTHER).
 */
export const endingDecisions = pgTable(
  "ending_decisions",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("endingDecision").notNull(),
    agreementNumber: integer("agreement_number").notNull(),
    kind: text("kind", { enum: decisionKinds }).notNull(),
    /** Of an end. */
    side: text("side", { enum: causeSides }),
    /** Of an end, what the customer reads; of a return, why. */
    words: text("words").notNull(),
    /** Of an end; null: with the confirmation. */
    endsAt: instant("ends_at"),
    proposedBy: text("proposed_by").notNull(),
    proposedAt: instant("proposed_at").notNull(),
    confirmedBy: text("confirmed_by"),
    confirmedAt: instant("confirmed_at"),
    droppedAt: instant("dropped_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    foreignKey({
      columns: [table.organizationId, table.agreementNumber],
      foreignColumns: [agreements.organizationId, agreements.number],
    }).onDelete("cascade"),
    uniqueIndex("ending_decisions_open_key")
      .on(table.organizationId)
      .where(sql`${table.confirmedAt} is null and ${table.droppedAt} is null`),
    check("ending_decisions_side", sql`(${table.kind} = 'end') = (${table.side} is not null)`),
    check("ending_decisions_outcome", sql`${table.confirmedAt} is null or ${table.droppedAt} is null`),
  ],
);

export const keptKinds = ["agents", "conversations", "files", "tuned-models"] as const;

/** What is kept for a customer who may come back (T-4.3-DEL2, T-4.2.3-DEL2), and until when. */
export const retentionClocks = pgTable(
  "retention_clocks",
  {
    organizationId: id("organization", "organization_id").notNull(),
    agreementNumber: integer("agreement_number").notNull(),
    kind: text("kind", { enum: keptKinds }).notNull(),
    startedAt: instant("started_at").notNull(),
    purgeAt: instant("purge_at").notNull(),
    restoredAt: instant("restored_at"),
    purgedAt: instant("purged_at"),
    receiptId: text("receipt_id"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.agreementNumber, table.kind] }),
    foreignKey({
      columns: [table.organizationId, table.agreementNumber],
      foreignColumns: [agreements.organizationId, agreements.number],
    }).onDelete("cascade"),
    index("retention_clocks_due")
      .on(table.purgeAt)
      .where(sql`${table.restoredAt} is null and ${table.purgedAt} is null`),
    check("retention_clocks_one_end", sql`${table.restoredAt} is null or ${table.purgedAt} is null`),
  ],
);
