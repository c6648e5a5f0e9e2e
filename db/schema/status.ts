import { sql } from "drizzle-orm";
import { bigint, check, date, index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { id, instant } from "#db/columns.ts";

export const sampleStates = ["up", "degraded", "down"] as const;

/** What a probe found of a component in a minute; the first front that says so is believed. Kept for a month. */
export const statusSamples = pgTable(
  "status_samples",
  {
    component: text("component").notNull(),
    /** The beginning of the minute. */
    at: instant("at").notNull(),
    state: text("state", { enum: sampleStates }).notNull(),
    ms: integer("ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.component, table.at] }), index("status_samples_at").on(table.at)],
);

/** Minutes in which a front ran at all: a gap in them is a time in which nothing could be answered. */
export const statusBeats = pgTable("status_beats", { at: instant("at").primaryKey() });

const ms = (name: string) => bigint(name, { mode: "number" }).notNull();

/** What each component was on each day that is over, in milliseconds. */
export const statusDays = pgTable(
  "status_days",
  {
    component: text("component").notNull(),
    day: date("day", { mode: "string" }).notNull(),
    upMs: ms("up_ms"),
    degradedMs: ms("degraded_ms"),
    downMs: ms("down_ms"),
    /** Down for maintenance that was told of before (T-4.4-SLO3). */
    excludedMs: ms("excluded_ms"),
    unknownMs: ms("unknown_ms"),
  },
  (table) => [primaryKey({ columns: [table.component, table.day] })],
);

export const impacts = ["none", "minor", "major", "critical"] as const;
export const incidentStates = ["investigating", "identified", "monitoring", "resolved"] as const;

/** What went wrong, on the status page (T-4.4-SLO1); opened by the probes or by staff. */
export const incidents = pgTable(
  "incidents",
  {
    id: id("incident").primaryKey(),
    title: text("title").notNull(),
    impact: text("impact", { enum: impacts }).notNull(),
    components: text("components").array().notNull(),
    startedAt: instant("started_at").notNull(),
    resolvedAt: instant("resolved_at"),
    /** Null: the probes opened it. */
    createdBy: text("created_by"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    index("incidents_started").on(table.startedAt),
    check("incidents_period", sql`${table.resolvedAt} >= ${table.startedAt}`),
  ],
);

/** What was said of an incident, as it was said: an update is never changed. */
export const incidentUpdates = pgTable(
  "incident_updates",
  {
    incidentId: id("incident", "incident_id")
      .notNull()
      .references(() => incidents.id),
    number: integer("number").notNull(),
    state: text("state", { enum: incidentStates }).notNull(),
    words: text("words").notNull(),
    at: instant("at").notNull(),
    by: text("by"),
  },
  (table) => [primaryKey({ columns: [table.incidentId, table.number] })],
);

/** Planned work. It counts as excluded from `told_at` on, if that was before its beginning and it was not cancelled. */
export const maintenances = pgTable(
  "maintenances",
  {
    id: id("maintenance").primaryKey(),
    title: text("title").notNull(),
    words: text("words").notNull(),
    components: text("components").array().notNull(),
    startsAt: instant("starts_at").notNull(),
    endsAt: instant("ends_at").notNull(),
    /** When the last customer was told. */
    toldAt: instant("told_at"),
    cancelledAt: instant("cancelled_at"),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    index("maintenances_starts").on(table.startsAt),
    check("maintenances_period", sql`${table.endsAt} > ${table.startsAt}`),
  ],
);

/** Who wants letters about what happens, with or without an account. A row without a confirmation is gone after two days. */
export const statusSubscribers = pgTable(
  "status_subscribers",
  {
    id: id("statusSubscriber").primaryKey(),
    email: text("email").notNull(),
    /** Null: whatever it is about. */
    components: text("components").array(),
    /** Of what the letter's link carries. */
    hash: text("hash").notNull().unique(),
    createdAt: instant("created_at").notNull(),
    confirmedAt: instant("confirmed_at"),
  },
  (table) => [
    uniqueIndex("status_subscribers_email").on(table.email).where(sql`${table.confirmedAt} is not null`),
    index("status_subscribers_waiting").on(table.createdAt).where(sql`${table.confirmedAt} is null`),
  ],
);

/** How far the telling of one thing has come, so that it goes on where a process left it and tells no one twice. */
export const statusTellings = pgTable(
  "status_tellings",
  {
    /** An incident or planned work. */
    aboutId: text("about_id").notNull(),
    /** The update of an incident; of planned work 1 that it is planned, 2 that it is cancelled. */
    number: integer("number").notNull(),
    subscribersTo: id("statusSubscriber", "subscribers_to"),
    organizationsTo: id("organization", "organizations_to"),
    at: instant("at").notNull(),
    doneAt: instant("done_at"),
  },
  (table) => [primaryKey({ columns: [table.aboutId, table.number] })],
);
