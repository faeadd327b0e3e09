/** Thrown where a part of the library is asked that has not been fetched yet; `load` fetches it. */
export class Late {
  readonly load: () => Promise<void>;

  constructor(load: () => Promise<void>) {
    this.load = load;
  }
}

type Exported = (...given: readonly unknown[]) => unknown;

/** The functions of a module that is fetched when the first of them is called, which throws `Late` until it is there. */
export function late(fetch: () => Promise<Readonly<Record<string, Exported>>>): (name: string) => Exported {
  let made: Readonly<Record<string, Exported>> | null = null;
  const load = async (): Promise<void> => {
    made = await fetch();
  };
  return (name) =>
    (...given) => {
      if (made === null) throw new Late(load);
      return made[name]!(...given);
    };
}

/** What `ask` answers, asked again when a part that it needs has been fetched. `ask` begins anew, whatever it did. */
export async function withLate<T>(ask: () => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Late)) throw error;
      await error.load();
    }
  }
}
