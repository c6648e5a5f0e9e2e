import { sql } from "drizzle-orm";
import { boolean, index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { id, instant } from "#db/columns.ts";

/** People, of whatever organization. A user without a password signs in through the identity provider only. */
export const users = pgTable(
  "users",
  {
    id: id("user").primaryKey(),
    email: text("email").notNull(),
    name: text("name").notNull(),
    passwordHash: text("password_hash"),
    emailVerifiedAt: instant("email_verified_at"),
    createdAt: instant("created_at").notNull(),
    /** What is left then is the row that records must go on naming, without anything of the person. */
    deletedAt: instant("deleted_at"),
  },
  (table) => [uniqueIndex("users_email_key").on(sql`lower(${table.email})`)],
);

/** Sign-ins through an OpenID Connect issuer, linked by what the issuer cannot change. */
export const identities = pgTable(
  "identities",
  {
    issuer: text("issuer").notNull(),
    subject: text("subject").notNull(),
    userId: id("user", "user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.issuer, table.subject] })],
);

/** Signed-in browsers. The cookie only names the row, so revoking the row signs the browser out. */
export const sessions = pgTable(
  "sessions",
  {
    id: id("session").primaryKey(),
    userId: id("user", "user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    address: text("address").notNull(),
    agent: text("agent").notNull(),
    createdAt: instant("created_at").notNull(),
    seenAt: instant("seen_at").notNull(),
    /** When this person last showed in this browser that it is they: what cannot be undone asks for it to be recent. */
    provenAt: instant("proven_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
  },
  (table) => [index("sessions_user").on(table.userId)],
);

/** Links sent by letter, stored as hashes, good once. */
export const tokens = pgTable(
  "tokens",
  {
    id: id("token").primaryKey(),
    userId: id("user", "user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    purpose: text("purpose", { enum: ["verify-email", "reset-password", "change-email", "undo-email"] }).notNull(),
    hash: text("hash").notNull().unique(),
    /** The password of the sign-up this letter answers: it becomes the account's only when this letter is opened. */
    passwordHash: text("password_hash"),
    /** The browser that signed up, the name given there and the organization to found: confirmed by this letter only. */
    deviceId: id("device", "device_id"),
    name: text("name"),
    organization: text("organization"),
    customerType: text("customer_type", { enum: ["business", "consumer"] }),
    /** The address that opening this letter gives the account. */
    email: text("email"),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
  },
  (table) => [index("tokens_user").on(table.userId, table.purpose)],
);

/** The address at which a person's calendar program reads their deadlines, as a hash; one for each person. */
export const calendars = pgTable("calendars", {
  userId: id("user", "user_id")
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  hash: text("hash").notNull().unique(),
  createdAt: instant("created_at").notNull(),
  readAt: instant("read_at"),
});

/** How often something was tried in a window: one row for each account and each address. */
export const attempts = pgTable("attempts", {
  subject: text("subject").primaryKey(),
  count: integer("count").notNull(),
  windowStartedAt: instant("window_started_at").notNull(),
});

/** People of the provider; roles decide which desks they see. */
export const staff = pgTable("staff", {
  userId: id("user", "user_id")
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  roles: text("roles", { enum: ["support", "billing", "models", "legal", "trust", "admin"] })
    .array()
    .notNull(),
  active: boolean("active").notNull().default(true),
  createdAt: instant("created_at").notNull(),
});
