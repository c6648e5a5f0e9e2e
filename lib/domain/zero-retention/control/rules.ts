/** Of the provider's own organization in which checks ask. No mail reaches it, so no one signs in with it. */
export const checkAddress = "checks@zero-retention.invalid";
