import { z } from "zod";

/** Why something was deleted, in the words a receipt shows. */
export const receiptCauses = {
  "zero-retention": "Zero data retention",
  own: "Deleted in the console or by a program",
  request: "Deleted on written request",
  termination: "The time after the end of the contract is over",
  "thirty-days": "Thirty days are over",
} as const;
export type ReceiptCause = keyof typeof receiptCauses;

const instant = z.iso.datetime();
const number = z.number().int().nonnegative();

/** In the words a receipt's page shows. */
export const serverWords = {
  has_it: "is being told to drop it",
  unloaded: "has dropped it",
  not_configured: "was taken out of service before it said so",
} as const;

/** What a receipt says: the text that is signed is the JSON of this, its keys in this order and no spaces. */
export const receiptBody = z.strictObject({
  format: z.literal("comptoir-deletion-receipt/1"),
  id: z.string(),
  organization: z.string(),
  /** Its place in the organization's chain, from 1, and the SHA-256 of the signed text before it. */
  sequence: z.number().int().positive(),
  previous: z.string().nullable(),
  cause: z.enum(Object.keys(receiptCauses) as [ReceiptCause, ...ReceiptCause[]]),
  clause: z.string(),
  /** The workspace it was about; null is the whole organization. */
  workspace: z.string().nullable(),
  /** The ids of what was named; empty is everything there was of the classes below. */
  targets: z.array(z.strictObject({ kind: z.string(), id: z.string() })),
  asked_at: instant.nullable(),
  due_at: instant.nullable(),
  done_at: instant,
  removed: z.array(
    z.strictObject({
      class: z.string(),
      items: number,
      bytes: number,
      oldest: instant.nullable(),
      newest: instant.nullable(),
      /** How much a count afterwards still found. */
      recount: z.literal(0),
    }),
  ),
  /** Keys of conversations and agents, which have one each. */
  keys_destroyed: number,
  /** From when no backup that is kept for as long as it should be can be read; null where it was not sealed. */
  unreadable_in_backups_from: instant.nullable(),
  issuer: z.string(),
  /** Servers of models that had it: this receipt says which have dropped it by now. */
  servers: z
    .array(
      z.strictObject({
        server: z.string(),
        adapter: z.string(),
        state: z.enum(["has_it", "unloaded", "not_configured"]),
        since: instant,
      }),
    )
    .optional(),
});
export type ReceiptServer = NonNullable<z.output<typeof receiptBody>["servers"]>[number];
export type ReceiptBody = z.output<typeof receiptBody>;

/** What a customer downloads: enough to check it without us, given that they know our public keys. */
export const receiptFile = z.strictObject({
  signed: z.string(),
  signature: z.string(),
  key_id: z.string(),
  public_key: z.string(),
});
export type ReceiptFile = z.output<typeof receiptFile>;

export const bodyOf = ({ signed }: { signed: string }): ReceiptBody => receiptBody.parse(JSON.parse(signed));

/** A program that checks a downloaded receipt with nothing of ours but the list of public keys at an address. */
export const checkProgram = (keysUrl: string): string =>
  `import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
const { signed, signature, public_key } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const { keys } = await (await fetch("${keysUrl}")).json();
const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(public_key, "base64url")]);
const key = createPublicKey({ key: spki, format: "der", type: "spki" });
const isOurs = keys.some((one) => one.public_key === public_key);
const fits = verify(null, signed, key, Buffer.from(signature, "base64url"));
console.log(isOurs && fits ? "It holds." : "It does NOT hold.");
console.log(JSON.parse(signed));`;
