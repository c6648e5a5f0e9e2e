import { Resolver } from "node:dns/promises";
import { env } from "./env.ts";
import { AppError } from "./errors.ts";

const absent = ["ENOTFOUND", "ENODATA", "NXDOMAIN"];

/** The texts at a name in the DNS, asked of the system's name servers or of the configured ones; none is an answer too. */
export async function textsAt(name: string): Promise<string[]> {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  const { DNS_SERVERS: servers } = env();
  if (servers) resolver.setServers(servers);
  try {
    const records = await resolver.resolveTxt(name);
    return records.map((parts) => parts.join(""));
  } catch (cause) {
    if (absent.includes(String((cause as { code?: unknown }).code))) return [];
    throw new AppError("unavailable", "The name servers did not answer. Try again in a minute.", { cause });
  }
}
