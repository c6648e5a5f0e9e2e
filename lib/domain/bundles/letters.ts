import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { bundleDays } from "./rules.ts";

type Addressee = { email: string; name: string };

export const bundleReadyLetter = (to: Addressee, path: string): Letter =>
  compose({
    kind: "export.ready",
    to,
    subject: "Your organization's data is ready to be taken",
    before: [
      `The archive you asked for is made. It can be downloaded for ${bundleDays} days, by you, while you are signed in.`,
    ],
    link: { label: "Open the download", path },
    clause: "T-6-EFF",
  });
