/** How much an organization keeps, and how much it may. */
export type FileUse = { files: number; bytes: number; filesMax: number | null; bytesMax: number };

/** Steps at which its admins are written to. */
const steps = [80, 100] as const;
export type QuotaStep = (typeof steps)[number];

/** How much of the fuller of the two limits is used, in per cent. */
export function percentUsed({ files, bytes, filesMax, bytesMax }: FileUse): number {
  const share = Math.max(bytes / bytesMax, filesMax === null ? 0 : files / filesMax);
  return Math.floor(share * 100);
}

/** The highest step that a new file crosses. */
export function stepCrossed(before: FileUse, after: FileUse): QuotaStep | null {
  return steps.findLast((step) => percentUsed(before) < step && percentUsed(after) >= step) ?? null;
}

/** Which limit one file more would break; null where it has room. */
export function isOver({ files, bytes, filesMax, bytesMax }: FileUse, more: number): "files" | "bytes" | null {
  if (filesMax !== null && files + 1 > filesMax) return "files";
  return bytes + more > bytesMax ? "bytes" : null;
}
