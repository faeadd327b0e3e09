import type { Path } from '../protocol.ts';
import { byId } from './element.ts';

/** The slider that takes rows from the chosen group: told of every place while it moves, and when it is let go. */
export class KeepSlider {
  readonly #box = byId('keep-box');
  readonly #range = byId<HTMLInputElement>('keep');
  readonly #label = byId('keep-label');
  readonly #out = byId('keep-out');
  readonly #all = byId('keep-all');
  #of = 0;

  constructor(moved: (count: number, of: number) => void, released: () => void) {
    this.#range.addEventListener('input', () => {
      this.#show();
      moved(Number(this.#range.value), this.#of);
    });
    this.#range.addEventListener('change', released);
    this.#all.addEventListener('click', () => {
      this.#range.value = String(this.#of);
      this.#show();
      moved(this.#of, this.#of);
      released();
      this.#range.focus();
    });
  }

  hide(): void {
    this.#box.hidden = true;
  }

  /** A group of `of` rows, of which `count` are kept; of one row none can be taken. */
  group(level: string, noun: string, count: number, of: number): void {
    this.#box.hidden = of < 2;
    this.#of = of;
    this.#range.min = '1';
    this.#range.max = String(of);
    this.#range.value = String(count);
    this.#label.textContent = `What if ${level} had fewer ${noun}?`;
    this.#show();
  }

  #show(): void {
    this.#out.textContent = `${this.#range.value} of ${this.#of}`;
    this.#all.hidden = Number(this.#range.value) === this.#of;
  }
}

/** The slider over the spread between groups, from one common line to separate ones. */
export class TauSlider {
  readonly #box = byId('tau-box');
  readonly #range = byId<HTMLInputElement>('tau');
  readonly #out = byId('tau-out');
  readonly #back = byId('tau-back');
  #path: Path | null = null;

  constructor(moved: (step: number | null) => void) {
    this.#range.addEventListener('input', () => {
      this.#show();
      moved(this.#step() === this.#estimate() ? null : this.#step());
    });
    this.#back.addEventListener('click', () => {
      this.#range.value = String(this.#estimate());
      this.#show();
      moved(null);
      this.#range.focus();
    });
  }

  get path(): Path | null {
    return this.#path;
  }

  set path(path: Path | null) {
    this.#path = path;
    this.#box.hidden = path === null;
    if (!path) return;
    this.#range.max = String(path.tau.length - 1);
    this.#range.value = String(this.#estimate());
    this.#show();
  }

  #step(): number {
    return Number(this.#range.value);
  }

  /** The step nearest to the estimate. */
  #estimate(): number {
    const { tau, estimate } = this.#path!;
    return tau.reduce((best, value, k) => (Math.abs(value - estimate) < Math.abs(tau[best]! - estimate) ? k : best), 0);
  }

  #show(): void {
    const { tau, estimate } = this.#path!;
    const step = this.#step();
    const where =
      step === this.#estimate()
        ? 'as estimated'
        : step === 0
          ? 'no difference: one line for all'
          : `${(tau[step]! / estimate).toFixed(1)} times the estimate`;
    this.#out.textContent = `spread ${tau[step]!.toPrecision(2)}, ${where}`;
    this.#back.hidden = step === this.#estimate();
  }
}
