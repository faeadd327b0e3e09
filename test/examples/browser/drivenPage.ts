import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

/**
 * A page in headless Chromium, spoken to in the DevTools protocol over two pipes
 * (https://chromedevtools.github.io/devtools-protocol/): no port, no package.
 */
export class DrivenPage {
  /** What was written to the console, thrown, or refused by the policy. */
  readonly complaints: string[] = [];
  readonly #asked: string[] = [];
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();
  #next = 1;
  #session: string | undefined;
  #rest = '';

  static async open(chromium: string, address: string, width = 1280, height = 900): Promise<DrivenPage> {
    const page = new DrivenPage(chromium);
    const { targetId } = await page.send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await page.send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
    page.#session = sessionId;
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await page.send(`${domain}.enable`);
    await page.size(width, height);
    await page.go(address);
    return page;
  }

  private constructor(chromium: string) {
    this.#folder = mkdtempSync(join(tmpdir(), 'driven-'));
    const quiet = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
    const options = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', ...quiet];
    this.#process = spawn(chromium, [...options, '--remote-debugging-pipe', `--user-data-dir=${this.#folder}`], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      // A group of its own, so that `close` ends the renderers with the browser that started them.
      detached: true,
    });
    (this.#process.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => {
      const messages = (this.#rest + text).split('\0');
      this.#rest = messages.pop()!;
      for (const message of messages) this.#receive(JSON.parse(message) as Message);
    });
  }

  send<T = unknown>(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const id = this.#next;
    this.#next += 1;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const session = this.#session === undefined ? {} : { sessionId: this.#session };
      (this.#process.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    });
  }

  #receive({ id, method, params, result, error }: Message): void {
    if (id !== undefined) {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) waiting?.reject(new Error(error.message));
      else waiting?.resolve(result as never);
    } else if (method === 'Network.requestWillBeSent') {
      this.#asked.push((params as { request: { url: string } }).request.url);
    } else if (
      method === 'Runtime.consoleAPICalled' ||
      method === 'Runtime.exceptionThrown' ||
      method === 'Log.entryAdded'
    )
      this.complaints.push(JSON.stringify(params).slice(0, 600));
  }

  /** Addresses that were asked for and do not begin so; what the page itself made (blob:) is none. */
  foreign(address: string): string[] {
    return this.#asked.filter((url) => !url.startsWith(address) && !url.startsWith('blob:'));
  }

  async go(address: string): Promise<void> {
    await this.send('Page.navigate', { url: address });
    await this.until("document.readyState === 'complete'");
  }

  size(width: number, height: number): Promise<unknown> {
    return this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
  }

  /** The value of an expression in the page, which may be a promise. */
  async value<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send<{ result: { value: T }; exceptionDetails?: unknown }>(
      'Runtime.evaluate',
      { expression, awaitPromise: true, returnByValue: true, userGesture: true },
    );
    if (exceptionDetails) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails).slice(0, 500)}`);
    return result.value;
  }

  /** Waits until an expression is true, and says what the page shows where it does not become so. */
  async until(expression: string, seconds = 60): Promise<void> {
    const end = performance.now() + 1000 * seconds;
    while (!(await this.value<boolean>(`Boolean(${expression})`).catch(() => false))) {
      if (performance.now() > end) {
        const text = await this.value<string>('document.body.innerText.slice(0, 1500)').catch(String);
        throw new Error(`not within ${seconds} s: ${expression}\n${this.complaints.join('\n')}\n${text}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async key(key: string): Promise<void> {
    for (const type of ['keyDown', 'keyUp']) await this.send('Input.dispatchKeyEvent', { type, key, code: key });
  }

  async pointer(x: number, y: number): Promise<void> {
    await this.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x, y });
  }

  async screenshot(): Promise<Buffer> {
    const { data } = await this.send<{ data: string }>('Page.captureScreenshot', {
      format: 'png',
      captureBeyondViewport: true,
    });
    return Buffer.from(data, 'base64');
  }

  /** Ends every process of the browser first: one that lives on writes into the folder while it is removed. */
  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    process.kill(-this.#process.pid!, 'SIGKILL');
    await gone;
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
