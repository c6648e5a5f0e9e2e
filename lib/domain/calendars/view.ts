/** The address a person has given out: when it was made, and when a program last read it. */
export type MyCalendar = { createdAt: Date; readAt: Date | null };

/** A deadline as a calendar shows it. */
export type CalendarEvent = {
  id: string;
  title: string;
  clause: string;
  organizationName: string;
  at: Date;
  sequence: number;
  changedAt: Date;
  isCancelled: boolean;
};
