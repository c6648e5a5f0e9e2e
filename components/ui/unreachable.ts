/** What browsers throw when a request gets no answer, and Next when the answer is not the console's. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof TypeError ? /fetch|network|load failed/i.test(error.message) : isForeignAnswer(error);

const isForeignAnswer = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith("An unexpected response was received from the server");

const place = (): string => (navigator.onLine ? "The server could not be reached." : "You are offline.");

/** For a form that could not be sent. */
export const unsavedWords = (): string => `${place()} Nothing was saved.`;

/** Why an answer did not come or broke off, for the person who waits for it. */
export function answerProblem(error: unknown): string {
  if (isUnreachable(error)) return `${place()} What you wrote is kept here; send it again when the connection is back.`;
  return error instanceof Error ? error.message : "The answer broke off.";
}
