import { vi } from "vitest";

/** Keeps the error lines of the log from being printed, and collects them until `restore`. */
export function catchErrorLog(): { lines: string[]; restore: () => void } {
  const lines: string[] = [];
  const spy = vi.spyOn(process.stderr, "write").mockImplementation((line) => lines.push(String(line)) > 0);
  return { lines, restore: () => spy.mockRestore() };
}
