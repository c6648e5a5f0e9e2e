import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";

/** For admins on every page while no one reads what the contract makes us write (T-4.2.1-DISC3). */
export function ContactBanner({ email, href }: { email: string | null; href: string }) {
  if (email === null) return null;
  return (
    <section aria-label="Registration contact" className="px-4 pt-4 sm:px-6">
      <Notice
        tone="bad"
        title={`Letters to ${email} come back`}
        action={
          <LinkButton size="small" href={href}>
            Change contact
          </LinkButton>
        }
      >
        Notices about your contract go to this address. Until you name one that works, you only read them here.
      </Notice>
    </section>
  );
}
