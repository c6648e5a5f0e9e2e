import { now } from "#lib/core/clock.ts";
import { chatMessage } from "#lib/core/slack.ts";
import { type ConnectorTest, tried } from "./trying.ts";

/** Writes a real message in the channel. */
export const slackTest: ConnectorTest = ({ id, secret }, { post }) =>
  tried(() =>
    post(
      secret.secretUrl ?? "",
      chatMessage({ type: "connection.test", at: now(), data: { connection: id }, about: "The connection works" }),
      { "content-type": "application/json" },
    ),
  );
