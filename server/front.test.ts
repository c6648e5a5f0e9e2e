import { once } from "node:events";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { expect, test, vi } from "vitest";
import { parse } from "#lib/core/env.ts";
import { openFront } from "./front.ts";

test("an end waits for what is under way and for no connection that nothing came on", async () => {
  const answers: http.ServerResponse[] = [];
  const inner = http.createServer((_request, response) => void answers.push(response)).listen(0, "127.0.0.1");
  await once(inner, "listening");
  const own = await openFront({
    env: { ...parse(process.env), PORT: 0 },
    consolePort: (inner.address() as AddressInfo).port,
  });
  const ahead = net.connect(own.port, "127.0.0.1");
  await once(ahead, "connect");
  const asked = fetch(`http://127.0.0.1:${own.port}/`);
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  let hasEnded = false;
  const ended = own.close().then(() => {
    hasEnded = true;
  });
  await once(ahead, "close");
  expect(hasEnded).toBe(false);
  answers[0]?.end("late");
  expect(await (await asked).text()).toBe("late");
  await ended;
  inner.close();
});
