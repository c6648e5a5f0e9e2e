import { now } from "#lib/core/clock.ts";
import { bearerHeaders, oauthService } from "#lib/core/oauth.ts";
import { bodyOf, testType } from "#lib/core/webhooks/events.ts";
import { type ConnectorTest, tried } from "./trying.ts";

/** Sends an event that means nothing, with the token that is kept. */
export const oauthTest: ConnectorTest = async ({ id, secret }, { post }) => {
  const service = oauthService();
  if (!service) return { status: null, ms: 0, error: "No service that is signed in to is set up here." };
  const body = bodyOf({ type: testType, at: now(), data: { message: "It works.", connection_id: id } });
  return tried(() => post(service.eventsUrl, body, bearerHeaders(secret.accessToken ?? "", `test-${id}`)));
};
