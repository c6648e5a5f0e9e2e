import fs from "node:fs";

/** What this process was made from, in a few letters; null where it was not made by `npm start`. */
export function runningVersion(): string | null {
  try {
    return fs.readFileSync("dist/comptoir-stamp", "utf8").slice(0, 16);
  } catch {
    return null;
  }
}
