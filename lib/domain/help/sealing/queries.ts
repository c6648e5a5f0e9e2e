import type { Sealed } from "#db/columns.ts";
import { Fault } from "#lib/core/errors.ts";
import {
  type LastingKey,
  lastingKey,
  newLastingKey,
  openLasting,
  openLastingBytes,
  sealLasting,
  sealLastingBytes,
} from "#lib/core/keyring/lasting.ts";
import { isSealedBefore, open } from "#lib/core/secrets.ts";

/** What it takes to find the key of a ticket, or of a file of one. */
export type Keyed = { id: string; key: Buffer | null };

/** A key at work. Everything people write about a ticket is sealed under the ticket's; a file has one of its own. */
export type HelpSealer = {
  wrapped: Buffer;
  /** `id`: of the row it stands in. */
  text: (text: string, id: string) => Sealed;
  openText: (sealed: Buffer, id: string) => string;
  bytes: (bytes: Buffer, id: string) => Sealed;
  openBytes: (sealed: Buffer, id: string) => Buffer;
};

const sealerOf = (key: LastingKey): HelpSealer => ({
  wrapped: key.wrapped,
  text: (text, id) => sealLasting(key, text, id),
  openText: (sealed, id) => openLasting<string>(key, sealed as Sealed, id),
  bytes: (bytes, id) => sealLastingBytes(key, bytes, id),
  openBytes: (sealed, id) => (isSealedBefore(sealed) ? open(sealed, id) : openLastingBytes(key, sealed as Sealed, id)),
});

/** For what is made: its key is new. */
export const newHelpSealer = (id: string): Promise<HelpSealer> => newLastingKey(id).then(sealerOf);

export const helpSealer = ({ id, key }: Keyed): Promise<HelpSealer> =>
  key ? lastingKey(key, id).then(sealerOf) : Promise.reject(new Fault("A ticket has no key."));
