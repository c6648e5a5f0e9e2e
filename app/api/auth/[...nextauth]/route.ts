import { handlers } from "#app/doors/sign-in.ts";

export const { GET, POST } = handlers;
