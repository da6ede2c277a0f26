import { accessSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const PROGRAM = '/usr/bin/chromium';
/** Against what never comes, and no measure of speed: other programs may have the machine. */
const PATIENCE_MS = 120_000;

const isThere = (): boolean => {
  try {
    accessSync(PROGRAM);
    return true;
  } catch {
    return false;
  }
};

const isRequired = (process.env['KEYLEDGER_REQUIRE'] ?? '').split(',').includes('browser');

/** As `describe`, where there is a browser. Where there is none it says so, or fails if one is required. */
export const describeInBrowser = (name: string, suite: () => void): void => {
  if (isThere()) return describe(name, suite);
  const missing = `there is no ${PROGRAM}. Install Debian's package chromium.`;
  if (isRequired) {
    return it(name, () => {
      throw new Error(`KEYLEDGER_REQUIRE names browser, but ${missing}`);
    });
  }
  process.stderr.write(`\nNOT TESTED: ${name}: ${missing}\n\n`);
  describe.skip(name, suite);
};

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: PROGRAM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });

/** A page, and all that it has complained of: errors, and what its policy has refused. */
export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly complaints: string[];
  /** Everything that was written to the console. */
  readonly lines: string[];
  /** Addresses that were asked, of other servers than that of the page. */
  readonly strangers: string[];
}

/** What the network says of a request that was refused is no mistake of the page. */
const isOfNetwork = (text: string): boolean => text.startsWith('Failed to load resource');

interface Looks {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
}

export const openPage = async (browser: Browser, url: string, looks: Looks = {}): Promise<WatchedPage> => {
  const { width = 1440, height = 900, colorScheme = 'light' } = looks;
  const viewport = { width, height };
  const context = await browser.newContext({ viewport, colorScheme, baseURL: url, reducedMotion: 'reduce' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const [complaints, lines, strangers]: [string[], string[], string[]] = [[], [], []];
  page.on('console', (message) => {
    lines.push(message.text());
    if (message.type() === 'error' && !isOfNetwork(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) strangers.push(request.url());
  });
  await page.exposeFunction('complainOfPolicy', (text: string) => void complaints.push(text));
  await page.addInitScript(`addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    complainOfPolicy(violatedDirective + ' refused ' + blockedURI))`);
  return { page, context, complaints, lines, strangers };
};
