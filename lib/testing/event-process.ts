import { deliverEvent } from "#lib/domain/connections/jobs.ts";

/** A worker that delivers what tests tell it to, to be killed by them. */
process.on("message", async (payload) => {
  await deliverEvent.perform(payload);
  process.send?.("done");
});
process.send?.("ready");
