import { z } from "zod";

/** What the address carries; anything else is as if no one had such a calendar. */
export const calendarToken = z.string().regex(/^[\w-]{43}$/);
