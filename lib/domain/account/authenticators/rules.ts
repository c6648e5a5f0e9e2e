import { verifySync } from "otplib";
import encodeQR from "qr";

const stepMs = 30_000;
/** Clocks of telephones are off, and people are slow: the code before and the one after count too. */
const toleranceSeconds = 30;

/** An enrolment that was begun has to be finished in this time. */
export const enrolmentMinutes = 30;

const stepOf = (at: Date): number => Math.floor(at.getTime() / stepMs);

/**
 * The half minute a code is of (RFC 6238), or null when it is wrong or is of one that was used already: each code opens
 * once, so that a person who watched it being typed has nothing.
 */
export function stepOfCode(secret: string, code: string, at: Date, lastStep: number): number | null {
  // The library takes a last step from the future for a mistake; here it only means that the clock was set back.
  if (!/^\d{6}$/.test(code) || lastStep > stepOf(at) + 1) return null;
  const epoch = Math.floor(at.getTime() / 1000);
  const found = verifySync({ secret, token: code, epoch, epochTolerance: toleranceSeconds, afterTimeStep: lastStep });
  return found.valid && "timeStep" in found ? found.timeStep : null;
}

/** A text as a QR code to draw: dark modules as one path, with the quiet edge the standard asks for. */
export function pictureOf(text: string): { size: number; path: string } {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: 4 });
  const path = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  return { size: rows.length, path };
}
