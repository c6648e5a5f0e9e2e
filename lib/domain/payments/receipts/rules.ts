import type { Sort } from "#lib/core/list/rules.ts";

export const payableSorts = ["due", "number"] as const;
export const payableOrder: Sort<(typeof payableSorts)[number]> = "due";
