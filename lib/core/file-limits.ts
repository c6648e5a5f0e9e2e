/** How many files a form takes, and how big; in megabytes (2^20 bytes). */
export type FileLimits = { files: number; megabytesEach: number; megabytesTogether: number };

const megabyte = 1024 * 1024;

type Sized = { name: string; size: number };

/** Whether a field has this file. Without a chosen one it sends an empty file, which a page's program calls "undefined". */
export const isChosen = ({ name, size }: Sized): boolean => size > 0 || (name !== "" && name !== "undefined");

/** Why these files are too many, too big or empty, in a sentence; nothing where they are not. */
export function tooMuch(files: readonly Sized[], { files: most, ...limits }: FileLimits): string | undefined {
  if (files.length > most) return `At most ${most} ${most === 1 ? "file" : "files"}.`;
  const empty = files.find(({ size }) => size === 0);
  if (empty) return `${empty.name} is empty.`;
  const big = files.find(({ size }) => size > limits.megabytesEach * megabyte);
  if (big) return `${big.name} is too big: at most ${limits.megabytesEach} MB${most === 1 ? "" : " each"}.`;
  const sum = files.reduce((sum, { size }) => sum + size, 0);
  return sum > limits.megabytesTogether * megabyte
    ? `Together they are too big: at most ${limits.megabytesTogether} MB.`
    : undefined;
}
