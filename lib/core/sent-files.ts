/** Every kind of file that people can send: its media type, the ends of its names, and how its content begins. */
const known = {
  pdf: { type: "application/pdf", endings: ["pdf"], begins: [[0x25, 0x50, 0x44, 0x46, 0x2d]] },
  png: { type: "image/png", endings: ["png"], begins: [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]] },
  jpeg: { type: "image/jpeg", endings: ["jpg", "jpeg"], begins: [[0xff, 0xd8, 0xff]] },
  gif: {
    type: "image/gif",
    endings: ["gif"],
    begins: [
      [0x47, 0x49, 0x46, 0x38, 0x37, 0x61],
      [0x47, 0x49, 0x46, 0x38, 0x39, 0x61],
    ],
  },
  // RIFF, four bytes of length, WEBP.
  webp: {
    type: "image/webp",
    endings: ["webp"],
    begins: [[0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50]],
  },
  txt: { type: "text/plain", endings: ["txt"], begins: null },
  log: { type: "text/plain", endings: ["log"], begins: null },
  md: { type: "text/markdown", endings: ["md"], begins: null },
  csv: { type: "text/csv", endings: ["csv"], begins: null },
  json: { type: "application/json", endings: ["json"], begins: null },
  jsonl: { type: "application/x-ndjson", endings: ["jsonl"], begins: null },
} as const satisfies Record<string, Kind>;

type Kind = { type: string; endings: readonly string[]; begins: readonly (readonly (number | null)[])[] | null };

export type SentKind = keyof typeof known;
export const sentKinds = Object.keys(known) as SentKind[];

export const mediaTypeOf = (kind: SentKind): string => known[kind].type;

/** Whether a browser can draw it; everything else is only kept. */
export const isPicture = (kind: SentKind): boolean => ["png", "jpeg", "gif", "webp"].includes(kind);

/** What a browser offers to choose. */
export const acceptedOf = (kinds: readonly SentKind[]): string =>
  kinds.flatMap((kind) => known[kind].endings.map((ending) => `.${ending}`)).join(",");

const begins = (kind: Kind, bytes: Uint8Array): boolean =>
  kind.begins?.some((signs) => signs.every((sign, at) => sign === null || bytes[at] === sign)) ?? false;

const isWritten = (byte: number): boolean =>
  byte >= 0x20 ? byte !== 0x7f : byte === 9 || byte === 10 || byte === 12 || byte === 13;

function isText(bytes: Uint8Array): boolean {
  if (!bytes.every(isWritten)) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** What a file is, by its content and its name together; null where they differ or it is none of these kinds. */
export function kindOf<K extends SentKind>(name: string, bytes: Uint8Array, kinds: readonly K[]): K | null {
  const ending = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase();
  const named = kinds.find((kind) => (known[kind].endings as readonly string[]).includes(ending ?? ""));
  if (!named || bytes.length === 0) return null;
  const found = sentKinds.find((kind) => begins(known[kind], bytes));
  if (found) return found === named ? named : null;
  return known[named].begins === null && isText(bytes) ? named : null;
}

/** "12 kB", "4.2 MB". */
export const sizeWords = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
