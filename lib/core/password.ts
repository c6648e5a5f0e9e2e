import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";

type Cost = { N: number; r: number; p: number };

/** What a new hash costs: 32 MiB and a tenth of a second. Stored with each hash, so raising it leaves old ones readable. */
const cost: Cost = { N: 2 ** 15, r: 8, p: 1 };
const saltLength = 16;
const keyLength = 32;
/** Nothing stored may ask for more than this. */
const memoryBytesMax = 256 * 1024 * 1024;

/** `scrypt$N$r$p$salt$key`: what is stored instead of a password. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltLength);
  const key = await derive(password, salt, keyLength, cost);
  return ["scrypt", cost.N, cost.r, cost.p, salt.toString("base64url"), key.toString("base64url")].join("$");
}

/**
 * Whether the password is the one that was hashed. Without a hash it does the same work and says no,
 * so that the time an answer takes does not tell whether the account exists.
 */
export async function passwordMatches(password: string, stored: string | null | undefined): Promise<boolean> {
  const parsed = parse(stored ?? "") ?? { cost, salt: Buffer.alloc(saltLength), key: Buffer.alloc(keyLength) };
  const key = await derive(password, parsed.salt, parsed.key.length, parsed.cost);
  return timingSafeEqual(key, parsed.key) && Boolean(stored);
}

/** Whether a hash was made at another cost than new ones are. */
export function isOutdated(stored: string): boolean {
  const parsed = parse(stored);
  return !parsed || parsed.cost.N !== cost.N || parsed.cost.r !== cost.r || parsed.cost.p !== cost.p;
}

function parse(stored: string): { cost: Cost; salt: Buffer; key: Buffer } | undefined {
  const [scheme, N, r, p, salt, key, ...rest] = stored.split("$");
  if (scheme !== "scrypt" || !salt || !key || rest.length > 0) return undefined;
  return {
    cost: { N: Number(N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, "base64url"),
    key: Buffer.from(key, "base64url"),
  };
}

function derive(password: string, salt: Buffer, length: number, { N, r, p }: Cost): Promise<Buffer> {
  const options: ScryptOptions = { N, r, p, maxmem: memoryBytesMax };
  // The same letters can be typed as different code points on different keyboards.
  const text = password.normalize("NFKC");
  return new Promise((resolve, reject) =>
    scrypt(text, salt, length, options, (error, key) => (error ? reject(error) : resolve(key))),
  );
}
