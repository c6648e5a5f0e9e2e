/** How long before it is added a customer has the notice of it. */
export const noticeDays = 30;
