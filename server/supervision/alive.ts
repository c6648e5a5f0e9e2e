import { stop } from "#server/lifecycle.ts";

const everyMs = 250;

/** Tells the process that watches over this one that it is ready, and again and again that it lives; ends with it. */
export function reportAlive(): void {
  const tell = (message: string): void => {
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  };
  process.once("disconnect", () => void stop(0));
  tell("ready");
  setInterval(() => tell("alive"), everyMs).unref();
}
