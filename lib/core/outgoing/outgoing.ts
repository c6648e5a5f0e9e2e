import { lookup as systemLookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, buildConnector, type Dispatcher } from "undici";
import { isIn, isPublic, rangesOf } from "#lib/core/addresses.ts";
import { stopwatch } from "#lib/core/clock.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";

/** What a host's name means now. */
export type Resolve = (host: string) => Promise<string[]>;

type Options = { allowHttp: boolean; allowedRanges: string; resolve?: Resolve; timeoutMs?: number };

export type Answer = { status: number; text: string; ms: number };
export type Message = {
  method: "GET" | "PUT" | "POST" | "DELETE";
  url: string;
  headers: Record<string, string>;
  body?: string | Buffer;
};

export type Outgoing = {
  /** Refuses an address no one may be sent to, in words for the person who typed it. */
  check: (url: string) => Promise<void>;
  /** Sends once, follows nothing, and reads the first kilobyte of the answer; also for how long it asks to be left alone. */
  send: (message: Message) => Promise<Answer & { retryAfter: string | null }>;
  post: (url: string, body: string, headers: Record<string, string>) => Promise<Answer>;
};

const defaultTimeoutMs = 15_000;
const answerBytesMax = 1024;

const refusal = (message: string): AppError => new AppError("invalid", message, { code: "address_refused" });

const system: Resolve = async (host) =>
  (await systemLookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/** The system's own resolver can take minutes. */
const inTime = (asked: Promise<string[]>, ms: number): Promise<string[]> =>
  Promise.race([asked, sleep(ms, [], { ref: false })]);

/**
 * The one way to an address a customer chose. A name is resolved here, every address it has must be one of the public
 * internet, and the connection goes to those addresses and no others: a name that means something else a moment later
 * gains nothing. Redirects are not followed, proxies of the environment are not used.
 */
export function createOutgoing({
  allowHttp,
  allowedRanges,
  resolve = system,
  timeoutMs = defaultTimeoutMs,
}: Options): Outgoing {
  const ranges = rangesOf(allowedRanges);
  const mayConnect = (address: string): boolean => isPublic(address) || isIn(ranges, address);

  async function addressesOf(host: string): Promise<string[]> {
    const bare = host.replace(/^\[|\]$/g, "");
    const addresses = isIP(bare) ? [bare] : await inTime(resolve(bare), timeoutMs / 2).catch(() => []);
    // A name of the inside and one that does not exist are refused alike: the words tell nothing of what is inside.
    if (addresses.length === 0 || !addresses.every(mayConnect)) {
      throw refusal(`${host} leads to no address on the public internet.`);
    }
    return addresses;
  }

  const lookup: LookupFunction = (host, options, done) => {
    addressesOf(host).then(
      (addresses) => {
        const found = addresses.map((address) => ({ address, family: isIP(address) }));
        const [first] = found;
        if (options.all) done(null, found);
        else done(null, first?.address ?? "", first?.family ?? 0);
      },
      (error: unknown) => done(error as NodeJS.ErrnoException, ""),
    );
  };

  const open = buildConnector({ lookup, timeout: timeoutMs } as buildConnector.BuildOptions);
  /** A host that is written as a number is never looked up, so what was reached is held to the rule again. */
  const connect: buildConnector.connector = (options, done) =>
    open(options, (error, socket) => {
      const reached = socket?.remoteAddress;
      if (error || !socket) return done(error ?? new Error("There is no connection."), null);
      if (reached && mayConnect(reached)) return done(null, socket);
      socket.destroy();
      return done(refusal("The connection led to an address that is not on the public internet."), null);
    });

  function parsed(text: string): URL {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (!url || !(url.protocol === "https:" || (allowHttp && url.protocol === "http:"))) {
      throw refusal("Enter an address that begins with https://.");
    }
    if (url.username || url.password) throw refusal("Leave user and password out of the address.");
    return url;
  }

  const send: Outgoing["send"] = async ({ method, url: text, headers, body }) => {
    const url = parsed(text);
    await addressesOf(url.hostname);
    const agent = new Agent({ connect, headersTimeout: timeoutMs, bodyTimeout: timeoutMs, connections: 1 });
    const began = stopwatch();
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const path = url.pathname + url.search;
      const answer = await agent.request({ origin: url.origin, path, method, body: body ?? null, headers, signal });
      const [retryAfter = null] = [answer.headers["retry-after"]].flat();
      const beginning = await beginningOf(answer.body);
      return { status: answer.statusCode, text: beginning, ms: Math.round(stopwatch() - began), retryAfter };
    } finally {
      await agent.destroy().catch(() => undefined);
    }
  };

  return {
    check: async (text) => {
      await addressesOf(parsed(text).hostname);
    },
    send,
    post: (url, body, headers) => send({ method: "POST", url, body, headers }),
  };
}

/** The first kilobyte; whatever follows is not waited for. PostgreSQL keeps no zero in a text. */
async function beginningOf(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  body.on("error", () => undefined);
  for await (const part of body) {
    parts.push(part as Buffer);
    length += (part as Buffer).length;
    if (length >= answerBytesMax) break;
  }
  return Buffer.concat(parts).subarray(0, answerBytesMax).toString().replaceAll("\u0000", "\uFFFD");
}

/** The same as this installation is configured. */
export function outgoing(): Outgoing {
  const { DEMO: demo, OUTGOING_ALLOWED_RANGES: allowedRanges = "" } = env();
  return createOutgoing({ allowHttp: demo === "on", allowedRanges });
}
