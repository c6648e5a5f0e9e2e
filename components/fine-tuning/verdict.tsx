import { Notice } from "#components/ui/notice.tsx";
import { TextLink } from "#components/ui/text-link.tsx";

type Props = {
  verdict: { is: "better" | "same" | "worse" | "unknown"; text: string };
  /** The review, where this stands elsewhere. */
  href?: string | undefined;
};

const tones = { better: "good", same: "warn", worse: "bad", unknown: "neutral" } as const;

/** Whether a tuned model is better than its base, in one sentence. */
export const Verdict = ({ verdict: { is, text }, href }: Props) => (
  <Notice tone={tones[is]}>
    {text} {href ? <TextLink href={href}>See the review</TextLink> : null}
  </Notice>
);
