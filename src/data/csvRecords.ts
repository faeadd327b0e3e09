import { ModelError } from '../errors.ts';

/**
 * Takes one record: its fields (an array that is used again), how many they are, the line (1-based) it starts on, and
 * whether the first field was quoted.
 */
export type OnRecord = (fields: readonly string[], count: number, line: number, quoted: boolean) => void;

export interface RecordOptions {
  /** One character; ' ' stands for any run of blanks and tabs. */
  readonly delimiter: string;
  /** Lines that begin with it are passed over; '' for none. */
  readonly comment: string;
  readonly where: string;
  /** The line on which the text starts. */
  readonly line: number;
}

/** A text that comes in pieces, as records. */
export interface CsvRecords {
  push(piece: string): void;
  /** The text ends. */
  end(): void;
}

const [QUOTE, LF, CR, BLANK, TAB] = [34, 10, 13, 32, 9];

/** The longest record: a quote that is never closed would take the rest of the file for one field. */
const LONGEST = 1 << 26;

/** So much of a faulty record is looked at for what is wrong with it. */
const SHOWN = 4096;

/**
 * The records of a delimited text (RFC 4180): a field that begins with a quote ends at the next one that is not
 * doubled, and may hold delimiters and line breaks; elsewhere quotes are as any other character. Lines end with LF,
 * CRLF or CR. Throws ModelError `csv-quotes` for a quoted field without an end, or with more than blanks between its
 * end and the next delimiter.
 */
export function csvRecords(
  { delimiter, comment, where, line: firstLine }: RecordOptions,
  onRecord: OnRecord,
): CsvRecords {
  const mark = delimiter.charCodeAt(0);
  const blanks = mark === BLANK;
  const commentMark = comment === '' ? -1 : comment.charCodeAt(0);
  const fields: string[] = [];
  let rest = '';
  let enough = 0;
  let line = firstLine;

  /** Of a record that begins so; many programs write \" for a quote, which RFC 4180 does not know. */
  const unclosed = (begin: string): ModelError => {
    const remedy = begin.includes('\\"')
      ? '; a quote in a field is read where it is written twice (""), not after a backslash (\\")'
      : '';
    const sentence = `${where}: a quoted field that begins on line ${line} is not closed properly${remedy}`;
    return new ModelError('csv-quotes', where, sentence);
  };

  /** Reads all whole records; what begins after them stays in `rest` unless the text ends here. */
  function read(text: string, final: boolean): void {
    const n = text.length;
    let start = 0;
    while (start < n) {
      const end = record(text, start, n, final);
      if (end < 0) break;
      start = end;
    }
    rest = start === 0 ? text : text.slice(start);
    if (rest.length > LONGEST) throw unclosed(rest.slice(0, SHOWN));
  }

  /** Reads the record at `start`; returns where the next begins, or -1 where its end is not yet to be seen. */
  function record(text: string, start: number, n: number, final: boolean): number {
    let i = start;
    let count = 0;
    let quoted = false;
    let breaks = 0;
    if (text.charCodeAt(i) === commentMark) {
      while (i < n && !isBreak(text.charCodeAt(i))) i += 1;
      return finish();
    }
    for (;;) {
      if (blanks) {
        while (isBlank(text.charCodeAt(i))) i += 1;
        if (i < n ? isBreak(text.charCodeAt(i)) : final) break;
      }
      if (text.charCodeAt(i) === QUOTE) {
        const first = i + 1;
        let doubled = false;
        let close = text.indexOf('"', first);
        while (close >= 0 && text.charCodeAt(close + 1) === QUOTE) {
          doubled = true;
          close = text.indexOf('"', close + 2);
        }
        if (close < 0) {
          if (final) throw unclosed(text.slice(start, start + SHOWN));
          return -1;
        }
        const inside = text.slice(first, close);
        breaks += lineBreaks(inside);
        if (count === 0) quoted = true;
        fields[count] = doubled ? inside.replaceAll('""', '"') : inside;
        i = close + 1;
        if (!blanks) while (i < n && isBlank(text.charCodeAt(i)) && text.charCodeAt(i) !== mark) i += 1;
        const next = text.charCodeAt(i);
        if (i < n && next !== mark && !isBreak(next) && !(blanks && next === TAB)) {
          throw unclosed(text.slice(start, i + 1));
        }
      } else {
        const first = i;
        for (; i < n; i += 1) {
          const code = text.charCodeAt(i);
          if (code === mark || code === LF || code === CR || (blanks && code === TAB)) break;
        }
        fields[count] = text.slice(first, i);
      }
      count += 1;
      if (i >= n) {
        if (!final) return -1;
        break;
      }
      if (isBreak(text.charCodeAt(i))) break;
      i += 1;
    }
    const end = finish();
    if (end >= 0) return end;
    return -1;

    /** Passes the line break; a CR that ends the piece may be half of one. */
    function finish(): number {
      if (i >= n && !final) return -1;
      if (text.charCodeAt(i) === CR) {
        if (i + 1 === n && !final) return -1;
        i += text.charCodeAt(i + 1) === LF ? 2 : 1;
      } else i += 1;
      if (text.charCodeAt(start) !== commentMark) onRecord(fields, count, line, quoted);
      line += 1 + breaks;
      return i;
    }
  }

  return {
    push(piece) {
      rest = rest === '' ? piece : rest + piece;
      if (rest.length < enough) return;
      read(rest, false);
      // A record that is not whole is read again only when there is twice as much of it: in all, linear time.
      enough = Math.min(2 * rest.length, LONGEST);
    },
    end() {
      read(rest, true);
    },
  };
}

/** How many line breaks a text holds. */
export function lineBreaks(text: string): number {
  if (!text.includes('\n') && !text.includes('\r')) return 0;
  return text.match(/\r\n|\n|\r/g)!.length;
}

function isBreak(code: number): boolean {
  return code === LF || code === CR;
}

function isBlank(code: number): boolean {
  return code === BLANK || code === TAB;
}
