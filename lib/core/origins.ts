const shape = /^https?:\/\/(?:\[[\da-f:.]+\]|[^\s/?#@\\:[\]%*]+)(?::\d+)?$/i;

/** The origin that a text names, in the spelling browsers send; null where it says less than an origin, or more. */
export const originOf = (text: string): string | null =>
  shape.test(text) && URL.canParse(text) ? new URL(text).origin : null;

const ownMachine = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether pages of an origin reach their readers unchanged: over https, or from the reader's own machine. */
export const isSecureOrigin = (origin: string): boolean =>
  origin.startsWith("https:") || ownMachine.has(new URL(origin).hostname);
