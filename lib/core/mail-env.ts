import { z } from "zod";

/** Variables of letters that come in. */
export const mailVariables = {
  MAIL_REPLY_DOMAIN: z
    .string()
    .toLowerCase()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, "must be a domain, such as help.example.com")
    .optional()
    .describe(
      "Domain whose mail your server pipes into `npm run admin -- mail receive`: letters of Help can then be answered by e-mail. Unset: on pages only.",
    ),
  MAIL_AUTHSERV_ID: z
    .string()
    .toLowerCase()
    .optional()
    .describe(
      "Name under which your mail server writes `Authentication-Results`. Only what it found proven becomes a message; without it, all mail waits for staff.",
    ),
  ATTACHMENT_SCANNER: z
    .string()
    .regex(/^(tcp:\/\/[^/\s]+:\d+|unix:\/\/\/\S+)$/, "must be tcp://host:port or unix:///path")
    .optional()
    .describe("A clamd that looks at every file of Help before it is kept, such as `tcp://clamd:3310`."),
};
