import { handlers } from "#lib/sign-in.ts";

export const { GET, POST } = handlers;
