/** What a quality check is told beside its code. */
export const QUALITY_SETTINGS_FILE_NAME = 'quality-check.json';

/** From Sunday on, as calendars count. */
export const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;
export type WeekdayName = (typeof WEEKDAYS)[number];

export interface ExpectedFileSettings {
  /** `*` stands for any characters. */
  readonly keyPattern: string;
  /** `hh:mm` in the time zone. */
  readonly by: string;
  readonly timeZone: string;
  readonly weekdays: readonly WeekdayName[];
  /** How long before `by` it may come. */
  readonly windowSeconds: number;
}

export interface QualitySettings {
  /** Of the day that is looked at where there is no report before. */
  readonly timeZone: string;
  readonly expectedFiles: readonly ExpectedFileSettings[];
  readonly maxOpenSeconds: number;
  readonly maxRejectedPercentage: number;
  /** Jobs that there must be before a record count is compared with theirs. */
  readonly minHistory: number;
  readonly tellAlways: boolean;
  /** Ends with `/`. */
  readonly reportsFolder: string;
}

/** Jobs before it that a record count is compared with. */
export const HISTORY_LENGTH = 14;
