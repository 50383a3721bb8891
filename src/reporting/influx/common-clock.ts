/**
 * The clock on which runs of different days lie over each other: every run starts at `originMs`. What is written on it
 * has a retention policy of its own that never expires, since its times are long past.
 */
export const commonClock = {
  originMs: Date.UTC(2000, 0, 1),
  retentionPolicy: 'common_clock',
} as const;
