import { z } from "zod";
import { scopes } from "#lib/core/access/roles.ts";
import { isRange } from "#lib/core/addresses.ts";
import { keyStates } from "#lib/core/api-keys/lifetime.ts";
import { idField } from "#lib/core/id-field.ts";
import { listInput } from "#lib/core/list/input.ts";
import { limitAmount } from "#lib/domain/limits/input.ts";
import { type Grace, graces, keySorts } from "./rules.ts";

const list = (text: unknown) =>
  (Array.isArray(text) ? text : String(text ?? "").split(/[\s,]+/)).filter((entry) => entry !== "");

export const keyName = z
  .string()
  .trim()
  .min(1, "Give the key a name, such as checkout-backend.")
  .max(80, "At most 80 characters.");
export const keyId = idField("key", "This is not a key id.");

const scopeList = z
  .preprocess(list, z.array(z.enum(scopes, "Unknown scope.")))
  .refine((chosen) => chosen.length > 0, "Choose at least one scope.");

const modelList = z
  .preprocess(list, z.array(z.string().max(200)).max(100))
  .transform((chosen) => (chosen.length > 0 ? chosen : null));

const addressList = z
  .preprocess(list, z.array(z.string()).max(100, "At most 100 addresses."))
  .refine((chosen) => chosen.every(isRange), "Write addresses such as 203.0.113.7 or ranges such as 203.0.113.0/24.")
  .transform((chosen) => (chosen.length > 0 ? chosen : null));

const days = z
  .union([
    z.literal("").transform(() => null),
    z.coerce.number().int().min(1, "At least one day.").max(3650, "At most ten years."),
  ])
  .nullable();

const ticked = z.union([z.boolean(), z.literal("on").transform(() => true)]);

export const createKeyInput = z.object({
  name: keyName,
  scopes: scopeList,
  models: modelList.optional().default(null),
  addresses: addressList.optional().default(null),
  expiresInDays: days.optional().default(null),
  /** Empty or left out: the key has no limit of its own. */
  monthlyLimit: limitAmount.optional(),
  /** Belongs to the workspace, not to who makes it. */
  isService: ticked.optional(),
  /** For web pages: good only from the origins of the organization. */
  browser: ticked.optional(),
});
export type CreateKeyInput = z.output<typeof createKeyInput>;

export const rotateKeyInput = z.object({ id: keyId, grace: z.enum(Object.keys(graces) as [Grace, ...Grace[]]) });
export const revokeKeyInput = z.object({ id: keyId });
/** Several, as rows ticked in a list. */
export const revokeKeysInput = z.object({
  ids: z.preprocess(
    (sent) => (Array.isArray(sent) ? sent : sent === undefined ? [] : [sent]),
    z.array(keyId).min(1, "Choose at least one key.").max(50, "At most 50 at once."),
  ),
});
export const reportKeyInput = z.object({ id: keyId });

/** What the address of a list of keys can say. */
export const keyFilter = listInput(keySorts, { state: z.enum(keyStates).optional().catch(undefined) });
export type KeyFilter = z.output<typeof keyFilter>;
