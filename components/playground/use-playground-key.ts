import { useQueryClient } from "@tanstack/react-query";
import type { Action } from "#lib/core/action-result.ts";
import type { PlaygroundKey } from "#lib/domain/keys/view.ts";

// Asked for again a little before its hour is over.
const keyFreshMs = 55 * 60_000;

/** A short-lived key, asked for at the first question and kept in memory only; `renew` leaves the kept one aside. */
export function usePlaygroundKey(open: Action<PlaygroundKey>): (renew: boolean) => Promise<string> {
  const client = useQueryClient();
  return async (renew) => {
    const { secret } = await client.fetchQuery({
      queryKey: ["playground-key"],
      staleTime: renew ? 0 : keyFreshMs,
      queryFn: async () => {
        const result = await open(undefined, new FormData());
        if (!result.ok) throw new Error(result.message);
        return result.data;
      },
    });
    return secret;
  };
}
