/** What was given to a command. */
export interface Arguments {
  readonly operands: readonly string[];
  flag(name: string): boolean;
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  /** A whole number in plain digits. Throws `usage` for anything else; the range is for the library to check. */
  whole(name: string): number | undefined;
  /** A decimal number. Throws `usage` for anything else. */
  number(name: string): number | undefined;
  /** One of the listed words. Throws `usage`, listing them. */
  choice<T extends string>(name: string, accepted: readonly T[]): T | undefined;
}
