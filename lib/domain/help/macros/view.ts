import type { macros } from "#db/schema/help.ts";

export type Macro = typeof macros.$inferSelect;
