import net from "node:net";

export type Load = {
  port: number;
  path: string;
  /** Keys, in turn over the connections; none where no one asks. */
  secrets: string[];
  /** What a good answer says. */
  status: number;
  /** Sent in turn, each by every connection. */
  bodies: string[];
  connections: number;
  seconds: number;
};
export type Measured = { perSecond: number; p50Ms: number; p99Ms: number; total: number; failed: number };

export const warmUpShare = 0.25;
const mostPerSecond = 200_000;

/**
 * Closed-loop load over plain sockets: each connection sends, waits for the whole answer, sends again.
 * Written on the socket itself, because a client library would cost as much as what is measured.
 */
export async function load({ port, path, secrets, status, bodies, connections, seconds }: Load): Promise<Measured> {
  const requests = (secrets.length > 0 ? secrets : [undefined]).map((secret) =>
    bodies.map((body) => requestOf({ port, path, secret, body })),
  );
  const begun = performance.now();
  const countFrom = begun + seconds * 1000 * warmUpShare;
  const end = begun + seconds * 1000;
  const latencies = new Float64Array(Math.ceil(mostPerSecond * seconds));
  const tally = { count: 0, total: 0, failed: 0 };
  const note = (sentAt: number, isGood: boolean): boolean => {
    const at = performance.now();
    tally.total++;
    if (!isGood) tally.failed++;
    else if (at >= countFrom && at < end && tally.count < latencies.length) latencies[tally.count++] = at - sentAt;
    return at < end;
  };
  const good = `HTTP/1.1 ${status} `;
  const one = (_: unknown, at: number) =>
    connection({ port, good, requests: requests[at % requests.length] ?? [], next: at, note });
  await Promise.all(Array.from({ length: connections }, one));
  const sorted = latencies.subarray(0, tally.count).sort();
  const share = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  return {
    perSecond: tally.count / (seconds * (1 - warmUpShare)),
    p50Ms: share(0.5),
    p99Ms: share(0.99),
    total: tally.total,
    failed: tally.failed,
  };
}

type Asked = { port: number; path: string; secret: string | undefined; body: string };

/** A request as it goes over the wire. */
export function requestOf({ port, path, secret, body }: Asked): Buffer {
  const lines = [
    `POST ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    ...(secret ? [`authorization: Bearer ${secret}`] : []),
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

type Connection = {
  port: number;
  good: string;
  requests: Buffer[];
  /** The one that is sent first. */
  next: number;
  note: (sentAt: number, isGood: boolean) => boolean;
};

function connection({ port, good, requests, next, note }: Connection): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
    let sent = next;
    let sentAt = 0;
    let answer = "";
    let needed = -1;
    const send = (): void => {
      answer = "";
      needed = -1;
      sentAt = performance.now();
      socket.write(requests[sent++ % requests.length] ?? "");
    };
    socket.setEncoding("latin1");
    socket.once("connect", send);
    socket.on("data", (piece: string) => {
      answer += piece;
      needed = needed < 0 ? lengthOf(answer) : needed;
      if (needed < 0 || answer.length < needed) return;
      if (note(sentAt, answer.startsWith(good))) send();
      else socket.end();
    });
    socket.once("error", () => note(sentAt, false));
    socket.once("close", () => resolve());
  });
}

/** The length of the whole answer, head included, or -1 while its head is not complete. */
function lengthOf(answer: string): number {
  const end = answer.indexOf("\r\n\r\n");
  if (end < 0) return -1;
  const match = /content-length: (\d+)/i.exec(answer.slice(0, end));
  if (!match) throw new Error(`An answer without a length: ${answer.slice(0, 200)}`);
  return end + 4 + Number(match[1]);
}
