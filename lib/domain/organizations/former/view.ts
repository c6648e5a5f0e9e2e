/** A customer whose contract is over. `endedAt` is null where only the end itself is known. */
export type Former = { endedAt: Date | null };
