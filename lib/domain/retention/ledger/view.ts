import type { RetentionClassName } from "#lib/domain/retention/classes/rules.ts";
import type { Measure } from "#lib/domain/retention/stores/view.ts";

/** How much of a class is kept, and when the oldest of it goes by itself. */
export type LedgerRow = Measure & { class: RetentionClassName; nextPurge: Date | null; countedAt: Date };
