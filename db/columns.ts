import { bigint, customType, numeric, text, timestamp } from "drizzle-orm/pg-core";
import type { Id, IdKind } from "./id.ts";

/** Column of an id of one kind. */
export const id = <K extends IdKind>(_kind: K, name = "id") => text(name).$type<Id<K>>();

/** An instant; every column of time is `timestamptz`, and every session runs in UTC. */
export const instant = (name: string) => timestamp(name, { withTimezone: true });

/** Pico-euros (1e-12 €): metering. Names end in `_pico`. */
export const pico = (name: string) => numeric(name, { precision: 38, scale: 0, mode: "bigint" });

/** Micro-euros for each million units: prices. Names end in `_micros`. */
export const micros = (name: string) => bigint(name, { mode: "bigint" });

/** Euro cents: documents, payments and the ledger. Names end in `_cents`. */
export const cents = (name: string) => bigint(name, { mode: "bigint" });

/** Counts that outgrow 32 bits. */
export const count = (name: string) => bigint(name, { mode: "number" });

/** Sealed values. */
export const bytes = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });

declare const isSealed: unique symbol;

/** Bytes that were sealed under a key of the keyring. Nothing else has this type, so what is not sealed does not compile. */
export type Sealed = Buffer & { readonly [isSealed]: true };

/** What customers say, and what they have models told. */
export const sealed = customType<{ data: Sealed; driverData: Buffer }>({ dataType: () => "bytea" });
