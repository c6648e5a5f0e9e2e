import { bigint, boolean, customType, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { id, instant } from "#db/columns.ts";
import { users } from "./account.ts";

const bytes = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });

const userId = () =>
  id("user", "user_id")
    .notNull()
    .references(() => users.id, { onDelete: "cascade" });

/** Apps that show six digits which change every half minute (RFC 6238). */
export const authenticators = pgTable(
  "authenticators",
  {
    id: id("authenticator").primaryKey(),
    userId: userId(),
    name: text("name").notNull(),
    /** What app and server share, sealed. */
    secret: bytes("secret").notNull(),
    /** The newest half minute a code was taken for; codes of it and of earlier ones are used up. */
    lastStep: bigint("last_step", { mode: "number" }).notNull(),
    createdAt: instant("created_at").notNull(),
    usedAt: instant("used_at"),
  },
  (table) => [index("authenticators_user").on(table.userId)],
);

/** Keys a device keeps and never shows (WebAuthn); only their public half is here. */
export const passkeys = pgTable(
  "passkeys",
  {
    id: id("passkey").primaryKey(),
    userId: userId(),
    name: text("name").notNull(),
    credentialId: text("credential_id").notNull().unique(),
    publicKey: bytes("public_key").notNull(),
    /** What the device counted; one that counts backwards was copied. */
    counter: bigint("counter", { mode: "number" }).notNull(),
    transports: text("transports").array().notNull(),
    /** Kept by a service that copies it to the person's other devices. */
    isSynced: boolean("is_synced").notNull(),
    createdAt: instant("created_at").notNull(),
    usedAt: instant("used_at"),
  },
  (table) => [index("passkeys_user").on(table.userId)],
);

/** What lets a person in who lost their device; each once, stored as a hash. */
export const recoveryCodes = pgTable(
  "recovery_codes",
  {
    userId: userId(),
    hash: text("hash").notNull(),
    createdAt: instant("created_at").notNull(),
    usedAt: instant("used_at"),
  },
  (table) => [primaryKey({ columns: [table.userId, table.hash] })],
);

/** Between password and second factor: a browser that has shown the first and may do nothing but show the second. */
export const pendingSignIns = pgTable(
  "pending_sign_ins",
  {
    /** Of the secret in the browser's cookie. */
    hash: text("hash").primaryKey(),
    userId: userId(),
    next: text("next").notNull(),
    tries: integer("tries").notNull().default(0),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (table) => [index("pending_sign_ins_user").on(table.userId)],
);

/** What a passkey is asked to sign: one question at a time for each session or browser, answered once. */
export const challenges = pgTable("challenges", {
  holder: text("holder").primaryKey(),
  challenge: text("challenge").notNull(),
  expiresAt: instant("expires_at").notNull(),
});

/** Browsers an account was signed in from, told apart by a cookie and not by their address. */
export const devices = pgTable(
  "devices",
  {
    userId: userId(),
    deviceId: id("device", "device_id").notNull(),
    firstSeenAt: instant("first_seen_at").notNull(),
    seenAt: instant("seen_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.deviceId] })],
);
