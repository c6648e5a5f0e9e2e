import { randomBytes } from "node:crypto";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Nine characters of [a-zA-Z0-9]: the official clients' validators accept nothing else. */
export const toolCallId = (bytes: Iterable<number> = randomBytes(9)): string =>
  Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join("");

export const isToolCallId = (id: unknown): id is string => typeof id === "string" && /^[a-zA-Z0-9]{9}$/.test(id);
