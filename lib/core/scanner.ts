import { once } from "node:events";
import net from "node:net";
import { env } from "./env.ts";
import { AppError } from "./errors.ts";

const patienceMs = 30_000;
const pieceBytes = 65_536;

const away = (cause?: unknown): AppError =>
  new AppError("unavailable", "Files cannot be checked right now, so none is taken. Try again in a few minutes.", {
    ...(cause !== undefined && { cause }),
  });

/**
 * Has the operator's scanner look at a file; refuses what it finds something in, and everything while it does not answer.
 * Without one (`ATTACHMENT_SCANNER`), nothing is looked at.
 */
export async function refuseInfected(name: string, bytes: Buffer): Promise<void> {
  const { ATTACHMENT_SCANNER: address } = env();
  if (!address) return;
  const said = await ask(address, bytes).catch((cause: unknown) => {
    throw away(cause);
  });
  if (/^stream: OK\0?$/.test(said)) return;
  if (!/ FOUND\0?$/.test(said)) throw away();
  const message = `${name} was refused: a scanner found something harmful in it.`;
  throw new AppError("invalid", message, { fields: { files: [message] } });
}

/** clamd's INSTREAM: each piece after its length, then nothing. */
async function ask(address: string, bytes: Buffer): Promise<string> {
  const { hostname, port, pathname, protocol } = new URL(address);
  const socket = protocol === "unix:" ? net.connect(pathname) : net.connect(Number(port), hostname);
  socket.setTimeout(patienceMs, () => socket.destroy(new Error("The scanner is silent.")));
  try {
    await once(socket, "connect");
    socket.write("zINSTREAM\0");
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = bytes.subarray(at, at + pieceBytes);
      socket.write(lengthOf(piece.length));
      if (!socket.write(piece)) await once(socket, "drain");
    }
    socket.end(lengthOf(0));
    let said = "";
    for await (const piece of socket) said += String(piece);
    return said;
  } finally {
    socket.destroy();
  }
}

function lengthOf(length: number): Buffer {
  const written = Buffer.alloc(4);
  written.writeUInt32BE(length);
  return written;
}
