import { z } from "zod";
import type { Id } from "#db/id.ts";
import { idField } from "#lib/core/id-field.ts";
import { isKeyedHash, keyedHash } from "#lib/core/secrets.ts";

/** A part is kept each time so much has come; what a request breaks off with is a part too. */
export const partBytes = 8 * 1024 * 1024;
export const uploadHours = 24;
/** A client that sends crumbs would make as many objects. */
export const partsMost = 10_000;

export const uploadsPrefix = "uploads/";

type Named = { organizationId: Id<"organization">; id: Id<"upload"> };

/** Where everything of an upload lies. */
export const uploadPlace = ({ organizationId, id }: Named): string => `${uploadsPrefix}${organizationId}/${id}/`;

/** The upload that a stored object is of. */
export const uploadAt = (place: string): string => place.split("/").at(-2) ?? "";

/** A part: the number of the request that wrote it, and how long it is. Requests never write over each other's. */
export type Part = { number: number; bytes: number };

export const partText = ({ number, bytes }: Part): string => `${number}.${bytes}`;
export function partOf(text: string): Part {
  const [number = 0, bytes = 0] = text.split(".").map(Number);
  return { number, bytes };
}

export const partLabel = (id: Id<"upload">, index: number, { number }: Pick<Part, "number">): string =>
  `${id} part ${index} by ${number}`;
export const stateLabel = (id: Id<"upload">, index: number, { number }: Pick<Part, "number">): string =>
  `${id} state ${index} by ${number}`;
export const partName = (index: number, { number }: Pick<Part, "number">): string => `${index}.${number}`;
export const stateName = (index: number, { number }: Pick<Part, "number">): string => `${index}.${number}.state`;

/** What a ticket says: who may send which file where, and until when. */
const ticketBody = z.strictObject({
  session: idField("session"),
  workspace: idField("workspace"),
  name: z.string(),
  bytes: z.number(),
  until: z.number(),
});
export type Ticket = z.output<typeof ticketBody>;

export const ticketPrefix = "cpu_";
const signedText = (body: string): string => `ticket of an upload\n${body}`;

/** Signed, so that it can be given to a browser, and good for uploads alone. */
export function ticketText(ticket: Ticket): string {
  const body = Buffer.from(JSON.stringify(ticket)).toString("base64url");
  return `${ticketPrefix}${body}.${keyedHash(signedText(body))}`;
}

/** What a ticket says; null where it is not ours or its time is over. */
export function readTicket(text: string, now: Date): Ticket | null {
  const [body = "", signature = ""] = text.slice(ticketPrefix.length).split(".");
  if (!text.startsWith(ticketPrefix) || !isKeyedHash(signature, signedText(body))) return null;
  const read = ticketBody.safeParse(JSON.parse(Buffer.from(body, "base64url").toString()));
  return read.success && read.data.until > now.getTime() ? read.data : null;
}
