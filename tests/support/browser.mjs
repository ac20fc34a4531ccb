// Debian's Chromium, driven by playwright-core. A phone is 320 px wide; scripts are off unless asked for.
import { chromium } from 'playwright-core';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './installation.mjs';

export async function openBrowser() {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic'],
  });
  return {
    browser,
    /** A page in a visit of its own (no cookies, no cache of others). */
    async visit({ locale = 'en', width = 320, height = 640, scripts = false, scheme = 'light' } = {}) {
      const context = await browser.newContext({ ignoreHTTPSErrors: true, javaScriptEnabled: scripts, locale, viewport: { width, height }, colorScheme: scheme });
      return context.newPage();
    },
    stop: () => browser.close(),
  };
}

/** A picture of the whole page into docs/pictures, when RECOURSE_PICTURES is set. */
export async function picture(page, name) {
  if (!process.env.RECOURSE_PICTURES) return;
  const folder = join(root, 'docs/pictures');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** True when nothing sticks out sideways. */
export const fits = async (page) => page.locator('html').evaluate((html) => html.scrollWidth <= html.clientWidth);
