import { KeyEnded, openChat, type Piece, piecesOf } from "#components/playground/stream-chat.ts";
import type { usePlaygroundKey } from "#components/playground/use-playground-key.ts";

export type SecretOf = ReturnType<typeof usePlaygroundKey>;

/** Sends a body as the playground does, once more with a new key where the old one is over, and tells each piece. */
export async function askModel(
  body: string,
  { secretOf, signal }: { secretOf: SecretOf; signal: AbortSignal },
  hear: (piece: Piece) => void,
): Promise<void> {
  const attempt = async (renew: boolean): Promise<void> => {
    for await (const piece of piecesOf(await openChat(body, await secretOf(renew), signal))) hear(piece);
  };
  await attempt(false).catch((error: unknown) => {
    if (error instanceof KeyEnded) return attempt(true);
    throw error;
  });
}
