import type { Thresholds } from "#lib/domain/contract/keys/rules.ts";

export type ThresholdVersion = { version: number; thresholds: Thresholds; effectiveFrom: Date; createdAt: Date };
