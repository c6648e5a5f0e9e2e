import net from "node:net";
import { afterAll, expect, test } from "vitest";
import { env } from "./env.ts";
import { refuseInfected } from "./scanner.ts";

/** As clamd answers INSTREAM: what it says of what it was sent. */
const received: Buffer[] = [];
let verdict = "stream: OK\0";
const clamd = net.createServer((socket) => {
  const pieces: Buffer[] = [];
  socket.on("data", (piece) => {
    pieces.push(piece);
    const sent = Buffer.concat(pieces);
    if (!sent.subarray(-4).equals(Buffer.alloc(4))) return;
    received.push(sent);
    socket.end(verdict);
  });
  socket.on("error", () => undefined);
});
await new Promise<void>((resolve) => clamd.listen(0, "127.0.0.1", resolve));
const { port } = clamd.address() as net.AddressInfo;
afterAll(() => {
  clamd.close();
  env().ATTACHMENT_SCANNER = undefined;
});

test("help-zdr 32: a file is shown whole to the scanner, and taken when that finds nothing", async () => {
  env().ATTACHMENT_SCANNER = `tcp://127.0.0.1:${port}`;
  const file = Buffer.alloc(200_000, "x");
  await refuseInfected("log.txt", file);
  const [sent = Buffer.alloc(0)] = received;
  expect(sent.subarray(0, 10).toString()).toBe("zINSTREAM\0");
  let [at, whole] = [10, Buffer.alloc(0)];
  for (let length = sent.readUInt32BE(at); length > 0; length = sent.readUInt32BE(at)) {
    whole = Buffer.concat([whole, sent.subarray(at + 4, at + 4 + length)]);
    at += 4 + length;
  }
  expect(whole.equals(file)).toBe(true);
});

test("help-zdr 32: what the scanner finds something in is refused, with the file's name", async () => {
  verdict = "stream: Eicar-Signature FOUND\0";
  await expect(refuseInfected("log.txt", Buffer.from("x"))).rejects.toMatchObject({
    problem: "invalid",
    fields: { files: [expect.stringContaining("log.txt was refused")] },
  });
});

test("help-zdr 32: nothing is taken while the scanner does not answer, breaks off or gives an unknown answer", async () => {
  verdict = "INSTREAM size limit exceeded. ERROR\0";
  await expect(refuseInfected("log.txt", Buffer.from("x"))).rejects.toMatchObject({ problem: "unavailable" });
  verdict = "";
  await expect(refuseInfected("log.txt", Buffer.from("x"))).rejects.toMatchObject({ problem: "unavailable" });
  env().ATTACHMENT_SCANNER = "tcp://127.0.0.1:1";
  await expect(refuseInfected("log.txt", Buffer.from("x"))).rejects.toMatchObject({ problem: "unavailable" });
});
