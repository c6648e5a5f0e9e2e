import { z } from "zod";

export type MirrorBucket = { url: string; region: string; keyId: string; secret: string };

/** The bucket that an address names, with its key in it; null where it is no such address. */
export function mirrorBucket(place: string): MirrorBucket | null {
  if (!URL.canParse(place)) return null;
  const { protocol, host, pathname, username, password, searchParams } = new URL(place);
  const region = searchParams.get("region");
  const isWhole = /^https?:$/.test(protocol) && pathname.length > 1 && username !== "" && password !== "";
  if (!isWhole || !region) return null;
  const url = `${protocol}//${host}${pathname.replace(/\/+$/, "")}`;
  try {
    return { url, region, keyId: decodeURIComponent(username), secret: decodeURIComponent(password) };
  } catch {
    // A percent sign that is none of an encoding.
    return null;
  }
}

const isAddress = (place: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(place);

/** Where else the status page is; read together with env.ts. */
export const statusVariables = {
  STATUS_HOST: z
    .string()
    .toLowerCase()
    .regex(/^[a-z0-9.-]+$/, "must be a host, such as status.example.com")
    .optional()
    .describe(
      "A host at whose root the status page answers too, such as `status.example.com`; nothing else does there.",
    ),
  STATUS_MIRROR: z
    .string()
    .min(1)
    .refine(
      (place) => !isAddress(place) || mirrorBucket(place) !== null,
      "must be a folder, or https://KEY_ID:SECRET@host/bucket?region=…, with signs such as / in the secret as %2F",
    )
    .optional()
    .describe(
      "Where the status page is copied each minute, so that it outlives this installation: a folder, or a bucket as `https://KEY_ID:SECRET@s3.example.com/bucket?region=eu-west-3`.",
    ),
};
