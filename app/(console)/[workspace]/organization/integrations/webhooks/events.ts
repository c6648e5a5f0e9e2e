import { eventTypes } from "#lib/core/webhooks/events.ts";

/** The events there are to choose from. */
export const eventChoices = Object.entries(eventTypes).map(([type, { about }]) => ({ type, about }));
