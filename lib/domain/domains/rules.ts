export const joinings = ["off", "ask", "auto"] as const;
export type Joining = (typeof joinings)[number];

export const joinRoles = ["user", "dev", "observability_viewer"] as const;
export type JoinRole = (typeof joinRoles)[number];

export const domainsMax = 20;

/** Where anyone gets an address: the person who could prove such a domain would be its provider, not its people's employer. */
const freeMail: ReadonlySet<string> = new Set(
  `
126.com 163.com aol.com arcor.de bbox.fr bigpond.com bk.ru bluewin.ch bol.com.br btinternet.com cock.li comcast.net cox.net
daum.net duck.com email.com email.cz fastmail.com fastmail.fm foxmail.com free.fr freemail.hu freenet.de gmail.com gmx.at
gmx.ch gmx.com gmx.de gmx.fr gmx.net googlemail.com guerrillamail.com hanmail.net hey.com hotmail.co.uk hotmail.com
hotmail.de hotmail.es hotmail.fr hotmail.it hushmail.com icloud.com inbox.com inbox.ru interia.pl kpnmail.nl kolabnow.com
laposte.net libero.it list.ru live.com live.de live.fr live.nl mac.com mail.com mail.de mail.ru mailbox.org mailfence.com
mailinator.com me.com mozmail.com msn.com nate.com naver.com neuf.fr numericable.fr o2.pl onet.pl orange.fr outlook.com
outlook.de outlook.es outlook.fr outlook.it pm.me posteo.de posteo.net proton.me protonmail.ch protonmail.com qq.com
rambler.ru rediffmail.com riseup.net rocketmail.com runbox.com sapo.pt sbcglobal.net seznam.cz sfr.fr sina.com skynet.be
t-online.de telenet.be temp-mail.org tiscali.it tuta.io tutamail.com tutanota.com tutanota.de uol.com.br verizon.net
virgilio.it virginmedia.com wanadoo.fr web.de wp.pl yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.de
yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru yeah.net ymail.com yopmail.com ziggo.nl zoho.com zohomail.eu
`
    .trim()
    .split(/\s+/),
);

export const isFreeMail = (domain: string): boolean => freeMail.has(domain);

/** A domain as it is written in the DNS, from however it was typed; null when it is none. */
export function readDomain(typed: string): string | null {
  const bare = typed.trim().replace(/^@/, "").replace(/\.$/, "");
  if (bare === "" || /[\s/?#:@\\[\]%]/.test(bare) || !URL.canParse(`http://${bare}`)) return null;
  const domain = new URL(`http://${bare}`).hostname;
  const isDomain =
    domain.length <= 253 && /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(domain);
  return isDomain ? domain : null;
}

/** The domain of an address, whole: people at a part of a domain do not belong to the domain. */
export const domainOf = (email: string): string | null => readDomain(email.slice(email.lastIndexOf("@") + 1));

/** Where the owner of a domain puts a TXT record to show that it is theirs, and what it says. */
export const proofName = (domain: string): string => `_comptoir-domain.${domain}`;
export const proofText = (secret: string): string => `comptoir-domain=${secret}`;
