import type { Id } from "#db/id.ts";

type Letter = { passwordHash: string | null; deviceId: Id<"device"> | null };

/**
 * The password an account keeps once a letter proved its address. A letter proves who reads the mail, not who chose the
 * password: where two sign-ups name one address, only the browser that signed up takes its own along.
 */
export function provenPassword(
  letter: Letter,
  device: Id<"device"> | undefined,
  chosen: readonly string[],
): string | null {
  const different = new Set([...chosen, ...(letter.passwordHash ? [letter.passwordHash] : [])]);
  if (different.size <= 1) return [...different][0] ?? null;
  return letter.deviceId !== null && letter.deviceId === device ? letter.passwordHash : null;
}
