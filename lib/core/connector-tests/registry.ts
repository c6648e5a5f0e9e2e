import type { ConnectorId } from "#lib/core/connectors.ts";
import { bucketTest, collectorTest, langfuseTest } from "./exports.ts";
import { oauthTest } from "./oauth.ts";
import { slackTest } from "./slack.ts";
import type { ConnectorTest } from "./trying.ts";
import { wandbTest } from "./wandb.ts";

/** The test of each connector: it does the real thing once. */
export const connectorTests: Partial<Record<ConnectorId, ConnectorTest>> = {
  slack: slackTest,
  wandb: wandbTest,
  "s3-usage": bucketTest,
  otlp: collectorTest,
  langfuse: langfuseTest,
  "oauth-generic": oauthTest,
};
