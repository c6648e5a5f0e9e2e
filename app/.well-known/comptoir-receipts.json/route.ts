import { accountContext } from "#app/doors/session.ts";
import { publicReceiptKeys } from "#lib/domain/retention/receipts/queries.ts";

/** The public keys of deletion receipts, for whoever checks one. */
export async function GET(): Promise<Response> {
  const keys = await publicReceiptKeys(await accountContext());
  return Response.json({
    keys: keys.map(({ id, publicKey }) => ({ id, algorithm: "Ed25519", public_key: publicKey })),
  });
}
