/** What a file of a customer's may do when a browser shows it after all: nothing. */
export const filePolicy = "sandbox; default-src 'none'";

type Options = {
  /** Of this answer alone; what is inline in the page has to name it. */
  nonce: string;
  isHttps: boolean;
  /** React's development build evaluates text. */
  isDevelopment?: boolean;
  /** Where signing in may lead, when an identity provider is configured. */
  issuer?: string | undefined;
  /** Where signing in to a service that is connected may lead. */
  service?: string | undefined;
  /** Where payments may lead, when a provider has pages of its own. */
  payments?: string | undefined;
};

/** Of `display:none`, the one style React writes into a page that it sends in pieces, on those of a drawing. */
const hiddenPiece = "'sha256-aqNNdDLnnrDOnTNdkJpYlAxKVJtLt9CtFLklmInuUAE='";

/** What a page may load and do: only what we serve, no inline script without the nonce, in no one's frame. */
export function contentPolicy({ nonce, isHttps, isDevelopment = false, issuer, service, payments }: Options): string {
  const mine = `'self' 'nonce-${nonce}'`;
  const directives = [
    "default-src 'none'",
    `script-src ${mine} 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    `style-src ${isDevelopment ? "'self' 'unsafe-inline'" : mine}`,
    `style-src-attr ${isDevelopment ? "'unsafe-inline'" : `'unsafe-hashes' ${hiddenPiece}`}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${isDevelopment ? " ws:" : ""}`,
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    ["form-action 'self'", ...[issuer, service, payments].flatMap((url) => (url ? new URL(url).origin : []))].join(" "),
    "frame-ancestors 'none'",
    ...(isHttps ? ["upgrade-insecure-requests"] : []),
  ];
  return directives.join("; ");
}
