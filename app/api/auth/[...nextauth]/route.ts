import { handlers } from "#lib/session.ts";

export const { GET, POST } = handlers;
