import { endingOf } from "#lib/domain/contract/models/rules.ts";
import { modelAddress, modelPage } from "#lib/domain/models/rules.ts";
import type { Model } from "#lib/domain/models/view.ts";
import type { AuthenticatedKey } from "#lib/gateway/authentication/key-lookup.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";

type Told = {
  headers: Record<string, string>;
  /** When it ends for this customer. */
  retiresAt: string | null;
};

// A key is read again when a notice was given, and a model when its end changes.
const known = new WeakMap<AuthenticatedKey, WeakMap<Model, Told | null>>();

function toldOf(key: AuthenticatedKey, model: Model, at: Date): Told | null {
  const found = known.get(key)?.get(model);
  if (found !== undefined) return found;
  const told = made(key, model, at);
  const ofKey = known.get(key) ?? new WeakMap<Model, Told | null>();
  known.set(key, ofKey.set(model, told));
  return told;
}

function made({ contract }: AuthenticatedKey, model: Model, at: Date): Told | null {
  const ending = endingOf(model, contract, at);
  if (!ending) return null;
  const { announcedAt, retiresAt, replacement } = ending;
  const links = [
    `<${modelPage(model.tuned?.base.id ?? model.id)}>; rel="deprecation"`,
    '</legal/terms#discontinued>; rel="sunset"',
    `<${modelAddress(replacement)}>; rel="successor-version"`,
  ];
  const headers = {
    // RFC 9745 has seconds, RFC 8594 a date as HTTP writes it.
    deprecation: `@${Math.floor(announcedAt.getTime() / 1000)}`,
    ...(retiresAt && { sunset: wholeSecond(retiresAt).toUTCString() }),
    link: links.join(", "),
  };
  return { headers, retiresAt: retiresAt?.toISOString() ?? null };
}

/** Never earlier than it is. */
const wholeSecond = (at: Date): Date => new Date(Math.ceil(at.getTime() / 1000) * 1000);

/** T-4.2.1-DISC1: every answer of a model whose end is announced says so. */
export function tellEnding({ headers, key, at }: AuthenticatedRequest, model: Model): void {
  if (!model.change) return;
  const told = toldOf(key, model, at);
  if (told) Object.assign(headers, told.headers);
}

/**
 * The word of one vendor's clients for the same. They read the answer as JSON that names its model, and some end the process
 * where it is anything else: so not on streams, lists and conversations.
 */
export function tellEndingOf(model: Model, { headers, key, at }: AuthenticatedRequest): void {
  if (!model.change) return;
  const retiresAt = toldOf(key, model, at)?.retiresAt;
  if (retiresAt) headers["x-model-deprecation-timestamp"] = retiresAt;
}
