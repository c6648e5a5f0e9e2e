import { z } from "zod";
import { listInput } from "#lib/core/list/input.ts";
import { accountSorts, bookSorts, lateSorts, standings } from "./rules.ts";

const optional = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

/** What the addresses of the desk's lists may say; nonsense is as if it were not there. */
export const accountFilter = listInput(accountSorts, { standing: optional(z.enum(standings)) });
export type AccountFilter = z.output<typeof accountFilter>;

export const lateFilter = listInput(lateSorts, { standing: optional(z.enum(standings)) });
export type LateFilter = z.output<typeof lateFilter>;

/** The lists of one account: its ledger, documents and payments. */
export const bookFilter = listInput(bookSorts, {});
export type BookFilter = z.output<typeof bookFilter>;
